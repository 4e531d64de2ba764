"""What is sent from this room's pages, checked before an action sees it. One file per noun."""
