nav-overview = Overview
nav-cases = Cases
nav-returns = Returns
nav-money = Money
nav-settings = Settings

live-people = { $people } is looking at this case too
live-fresh = Something has just happened, and the page shows it; refresh the forms
