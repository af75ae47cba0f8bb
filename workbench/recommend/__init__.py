"""What next: models of who plays what, their blend, and how good their lists are."""
