"""What the tumours did."""
