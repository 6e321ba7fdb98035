"""What a trial planned against what it says and did: power, sizes, allocation, limits and goals set before."""
