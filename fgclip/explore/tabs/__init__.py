"""What each tab shows: a file each."""
