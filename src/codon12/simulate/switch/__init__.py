"""From the switch to a trial: a GTPase and a covalent inhibitor of its GDP-bound state, patients, records.

Read in this order: `cycle_constants` and `network` (fourteen states, the reference); `pharmacokinetics`, `occupancy`
and `cycle_course` (a patient's drug and what it leaves); `lesions`, `parameters`, `draws`, `patients`, `therapy`,
`conduct`; `arms`, `records`, `tumour_records`, `concentrations`, `samples`, `study` (the folder); then `summary`, `targets`,
`ensemble`, `fit`, `what_if`, `operating` and `figure_frames`.
"""
