"""More registries as wards keep them: codes with a dictionary, groups of headings, keys that lost their zeros."""

import random

from registries import DAY, patients
from wards import Truth, courses_of, excel


def redcap_export(folder, n=36, seed=31):
    """Codes with a dictionary, dashes in dates, a flag of death and its date, time in months beside."""
    rng = random.Random(seed)
    people = patients(n, seed)
    lines = [
        (
            "record_id,sex,age_dx,race,smoking_hx,ecog_bl,histology,stage_dx,kras_g12c,pdl1_tps,dt_first_dose,dt_progression,"
            "death_yn,dt_death,dt_last_contact,best_resp,site,form_complete"
        )
    ]
    for k, (_pid, sex, age, start, progress, death, last) in enumerate(people):
        cells = [
            k + 1,
            1 if sex == "M" else 2,
            age,
            rng.choice(["White", "Asian", "Black"]),
            rng.choice([0, 1, 2]),
            rng.choice([0, 1]),
            rng.choice(["Adenocarcinoma", "Squamous"]),
            rng.choice(["IIIB", "IV"]),
            rng.choice([0, 1]),
            rng.choice(["", 0, 5, 75]),
            start,
            progress or "",
            int(death is not None),
            death or "",
            last,
            ("PR", "SD", "PD")[k % 3],
            rng.choice(["A", "B"]),
            2,
        ]
        lines.append(",".join(map(str, cells)))
    codes = [
        "field,code,label",
        "sex,1,Male",
        "sex,2,Female",
        "smoking_hx,0,Never",
        "smoking_hx,1,Former",
        "smoking_hx,2,Current",
    ]
    (folder / "export.csv").write_text("\n".join(lines) + "\n")
    (folder / "dictionary.csv").write_text("\n".join(codes) + "\n")
    return Truth(
        {
            "record_id": "USUBJID",
            "sex": "SEX",
            "age_dx": "AGE",
            "race": "RACE",
            "smoking_hx": "SMOKING",
            "ecog_bl": "ECOG",
            "histology": "HIST",
            "stage_dx": "STAGE",
            "kras_g12c": "KRAS_G12C",
            "pdl1_tps": "PDL1",
            "dt_first_dose": "TRTSDT",
            "dt_progression": "PROGDT",
            "death_yn": "VITAL",
            "dt_death": "DTHDT",
            "dt_last_contact": "LSTALVDT",
            "best_resp": "BOR",
            "site": "SITEID",
            "form_complete": None,
        },
        courses_of(people),
    )


def french_groups(folder, n=30, seed=32):
    """XLSX with groups above the headings, DDN for the last news, survival in months with an event in 0 and 1."""
    rng = random.Random(seed)
    people = patients(n, seed)
    rows = [
        ["Cohorte CBNPC - CHU", *[None] * 11],
        ["Patient", None, None, "Maladie", None, None, "Traitement", None, "Suivi", None, None, None],
        [
            "N°",
            "Sexe",
            "Âge",
            "Date du diagnostic",
            "Histologie",
            "Stade",
            "Molécule",
            "Date J1C1",
            "SG (mois)",
            "Décès (0/1)",
            "DDN",
            "Commentaire",
        ],
    ]
    for pid, sex, age, start, _, death, last in people:
        months = round(((death or last) - start).days / 30.4375, 2)
        rows.append(
            [
                int(pid[1:]),
                {"F": "F", "M": "H"}[sex],
                age,
                start - 20 * DAY,
                rng.choice(["ADK", "CE"]),
                rng.choice(["III", "IV"]),
                "sotorasib",
                start,
                months,
                int(death is not None),
                last,
                None,
            ]
        )
    rows.append(["Moyenne", None, round(sum(p[2] for p in people) / n, 1)])
    excel(folder / "cohorte.xlsx", {"Feuil1": rows})
    return Truth(
        {
            "N°": "USUBJID",
            "Sexe": "SEX",
            "Âge": "AGE",
            "Date du diagnostic": "DIAGDT",
            "Histologie": "HIST",
            "Stade": "STAGE",
            "Molécule": "DRUG_TYPE",
            "Date J1C1": "TRTSDT",
            "SG (mois)": "OS_TIME",
            "Décès (0/1)": "VITAL",
            "DDN": "LSTALVDT",
            "Commentaire": None,
        },
        courses_of(people, shift=0),
    )


def german_tables(folder, n=32, seed=33):
    """Patients, lines and follow-up in three CSV; keys lose zeros in one, so survival runs from diagnosis; deaths stand in the follow-up."""
    rng = random.Random(seed)
    people = [(f"{k + 40:05d}", *p[1:]) for k, p in enumerate(patients(n, seed))]
    base, therapy, follow = (
        ["Fallnummer;Geschlecht;Geburtsdatum;Diagnosedatum;Histologie;Stadium;Raucher"],
        ["Fallnummer;Therapielinie;Therapie;Beginn;Ende"],
        ["Fallnummer;Datum;Vitalstatus"],
    )
    for pid, sex, age, start, _, death, last in people:
        d = "%d.%m.%Y"
        base.append(
            f"{pid};{'w' if sex == 'F' else 'm'};{(start - 365 * age * DAY).strftime(d)};{(start - 30 * DAY).strftime(d)};"
            f"Adeno-Ca;IV;{rng.choice(['ja', 'nein', 'ex'])}"
        )
        for line in (1, 2):
            begin = start + (line - 1) * 30 * DAY
            therapy.append(f"{int(pid)};{line};{'Chemo' if line == 1 else 'Sotorasib'};{begin.strftime(d)};")
        follow.append(f"{pid};{(start + 5 * DAY).strftime(d)};lebt")
        follow.append(f"{pid};{last.strftime(d)};{'verstorben' if death else 'lebt'}")
    for name, lines in (("basis", base), ("therapie", therapy), ("nachsorge", follow)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Truth(
        {
            "Fallnummer": "USUBJID",
            "Geschlecht": "SEX",
            "Geburtsdatum": "BRTHDT",
            "Diagnosedatum": "DIAGDT",
            "Histologie": "HIST",
            "Stadium": "STAGE",
            "Raucher": "SMOKING",
            "Datum": "ASSDT",
            "Vitalstatus": "VITAL",
        },
        courses_of(people, shift=31),
    )


def swedish(folder, n=24, seed=34):
    """K is a woman, M a man; yes and no beside a heading of death."""
    people = patients(n, seed)
    lines = ["Löpnr;Kön;Ålder;Diagnosdatum;Behandlingsstart;Avliden;Dödsdatum;Senaste kontakt"]
    for pid, sex, age, start, _, death, last in people:
        lines.append(
            f"{pid};{'K' if sex == 'F' else 'M'};{age};{start - 20 * DAY};{start};{'ja' if death else 'nej'};{death or ''};{last}"
        )
    (folder / "lunga.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Truth(
        {
            "Löpnr": "USUBJID",
            "Kön": "SEX",
            "Ålder": "AGE",
            "Diagnosdatum": "DIAGDT",
            "Behandlingsstart": "TRTSDT",
            "Avliden": "VITAL",
            "Dödsdatum": "DTHDT",
            "Senaste kontakt": "LSTALVDT",
        },
        courses_of(people),
    )


WARDS = (redcap_export, french_groups, german_tables, swedish)
