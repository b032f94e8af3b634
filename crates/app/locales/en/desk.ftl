nav-overview = Overview
nav-cases = Cases
nav-returns = Returns
nav-money = Money
nav-settings = Settings
