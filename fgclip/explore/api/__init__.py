"""What each tab may ask."""
