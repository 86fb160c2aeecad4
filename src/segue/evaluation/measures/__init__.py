"""What is measured of a list of picks, and how sure a figure is."""
