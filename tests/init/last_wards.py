"""More registries as wards keep them: abbreviated headings, months by name, codes in the headings."""

import random

from registries import DAY, patients
from wards import Truth, courses_of, excel


def brazilian(folder, n=34, seed=41):
    """Abbreviated headings, vital status with the state of the disease, genes as words."""
    rng = random.Random(seed)
    people = patients(n, seed)
    d = "%d/%m/%Y"
    lines = [
        (
            "Prontuário;Sexo (M/F);Dt. nascimento;Dt. diagnóstico;Estadiamento;Tabagista;ECOG;EGFR;ALK;Esquema 1ª linha;Dt. início;"
            "Melhor resposta;Dt. progressão;Situação;Dt. última informação;Convênio"
        )
    ]
    for k, (pid, sex, age, start, progress, death, last) in enumerate(people):
        said = (
            rng.choice(["Óbito por câncer", "Óbito outras causas"])
            if death
            else rng.choice(["Vivo com doença", "Vivo sem doença"])
        )
        cells = [
            f"{int(pid[1:]) + 8000}",
            sex,
            (start - 365 * age * DAY).strftime(d),
            (start - 25 * DAY).strftime(d),
            rng.choice(["IIIC", "IVA", "IVB"]),
            rng.choice(["sim", "não", "ex"]),
            rng.choice("012"),
            rng.choice(["mutado", "selvagem"]),
            rng.choice(["positivo", "negativo"]),
            rng.choice(["CDDP+PEM", "PEMBRO"]),
            start.strftime(d),
            ("RC", "RP", "DE", "PD")[k % 4],
            progress.strftime(d) if progress else "",
            said,
            last.strftime(d),
            rng.choice(["SUS", "privado"]),
        ]
        lines.append(";".join(cells))
    (folder / "pulmao.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("latin-1"))
    return Truth(
        {
            "Prontuário": "USUBJID",
            "Sexo (M/F)": "SEX",
            "Dt. nascimento": "BRTHDT",
            "Dt. diagnóstico": "DIAGDT",
            "Estadiamento": "STAGE",
            "Tabagista": "SMOKING",
            "ECOG": "ECOG",
            "EGFR": "EGFRMUT",
            "ALK": "ALKMUT",
            "Esquema 1ª linha": "DRUG_TYPE",
            "Dt. início": "TRTSDT",
            "Melhor resposta": "BOR",
            "Dt. progressão": "PROGDT",
            "Situação": "VITAL",
            "Dt. última informação": "LSTALVDT",
            "Convênio": None,
        },
        courses_of(people),
    )


def british_trial(folder, n=40, seed=42):
    """Two arms, months by name, a question mark in headings, a withdrawal, a column for each scan."""
    rng = random.Random(seed)
    people = patients(n, seed)
    d = "%d %b %Y"
    rows = [
        [
            "Trial No.",
            "Site",
            "Arm",
            "DoB",
            "Sex",
            "WHO PS",
            "Date randomised",
            "Withdrawn?",
            "Dead?",
            "Date of death",
            "Last seen alive",
            "Scan 1 date",
            "Scan 1 result",
            "Scan 2 date",
            "Scan 2 result",
        ]
    ]
    for k, (pid, sex, age, start, _, death, last) in enumerate(people):
        rows.append(
            [
                f"T-{pid}",
                rng.choice(["Leeds", "Hull"]),
                ("Sotorasib", "Docetaxel")[k % 2],
                (start - 365 * age * DAY).strftime(d),
                {"F": "Female", "M": "Male"}[sex],
                rng.choice([0, 1]),
                start.strftime(d),
                rng.choice(["N", "N", "Y"]),
                "Y" if death else "N",
                death.strftime(d) if death else None,
                (last - 2 * DAY if death else last).strftime(d),
                (start + 39 * DAY).strftime(d),
                ("PR", "SD", "PD")[k % 3],
                None,
                None,
            ]
        )
    excel(folder / "trial.xlsx", {"CRF": rows})
    return Truth(
        {
            "Trial No.": "USUBJID",
            "Site": "SITEID",
            "Arm": "ARM",
            "DoB": "BRTHDT",
            "Sex": "SEX",
            "WHO PS": "ECOG",
            "Date randomised": "RANDDT",
            "Withdrawn?": None,
            "Dead?": "VITAL",
            "Date of death": "DTHDT",
            "Last seen alive": "LSTALVDT",
            "Scan 1 date": None,
            "Scan 1 result": None,
            "Scan 2 date": None,
            "Scan 2 result": None,
        },
        courses_of(people),
    )


def japanese_codes(folder, n=36, seed=43):
    """English headings of a retrospective study in Japan, with the codes in the headings and times in days."""
    rng = random.Random(seed)
    people = patients(n, seed)
    rows = [
        [
            "No.",
            "Sex (1: male, 2: female)",
            "Age (y)",
            "BMI",
            "Brinkman index",
            "PS",
            "c-Stage",
            "Regimen",
            "PD-L1 TPS (%)",
            "Best response",
            "PFS (days)",
            "PFS event (1: yes, 0: no)",
            "OS (days)",
            "OS event (1: dead, 0: alive)",
            "irAE",
        ]
    ]
    for k, (_, sex, age, start, progress, death, last) in enumerate(people):
        end = death or last
        rows.append(
            [
                k + 1,
                1 if sex == "M" else 2,
                age,
                round(rng.uniform(18, 30), 1),
                rng.choice([0, 400, 1200]),
                rng.choice([0, 1, 2]),
                rng.choice(["IIIB", "IVA"]),
                rng.choice(["Pembro", "Nivo"]),
                rng.choice([0, 1, 50, 90]),
                ("PR", "SD", "PD")[k % 3],
                ((progress or end) - start).days,
                int(bool(progress or death)),
                (end - start).days,
                int(death is not None),
                rng.choice([0, 1]),
            ]
        )
    excel(folder / "cohort.xlsx", {"data": rows})
    return Truth(
        {
            "No.": "USUBJID",
            "Sex (1: male, 2: female)": "SEX",
            "Age (y)": "AGE",
            "BMI": None,
            "Brinkman index": None,
            "PS": "ECOG",
            "c-Stage": "STAGE",
            "Regimen": "DRUG_TYPE",
            "PD-L1 TPS (%)": "PDL1",
            "Best response": "BOR",
            "PFS (days)": "PFS_TIME",
            "PFS event (1: yes, 0: no)": "PFS_STATUS",
            "OS (days)": "OS_TIME",
            "OS event (1: dead, 0: alive)": "OS_STATUS",
            "irAE": None,
        },
        courses_of(people, shift=0),
    )


WARDS = (brazilian, british_trial, japanese_codes)
