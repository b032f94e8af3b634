start-title = To return the jade whole to its owner
start-text = After-sales cases and refunds. Choose a door.
