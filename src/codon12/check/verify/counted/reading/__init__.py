"""What a sentence counts: its numbers, whom they count, and which list they stand in."""
