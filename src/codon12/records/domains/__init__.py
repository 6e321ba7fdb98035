"""What the records of one domain say: deaths, disposition, doses, new therapies, tumours."""
