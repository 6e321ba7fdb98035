"""What adds up and what is part of what: arms, reasons, responses, grades, those who went through a study."""
