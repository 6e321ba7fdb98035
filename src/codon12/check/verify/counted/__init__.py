"""What is counted, and how counts belong together.

`reading` finds the numbers of a sentence: `items` each with its share and total, `clauses` each with what its clause
says; `rows` and `runs` the lists they stand in, the others the words of classes, opposites and lists. `wholes`
compares a whole with its parts, in counts and in percentages; `parts` what is part of what. A rule each: who is
`left`, `responses`, values `told_twice`, `shares_told` beside a count, numbers `worked_out`. `check` runs them.
"""
