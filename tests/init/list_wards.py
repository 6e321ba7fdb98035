"""More registries as wards keep them: lists with few words, an export of health records, a status without a day of death."""

import random

from registries import DAY, patients
from wards import Truth, courses_of, excel


def mexican(folder, n=28, seed=51):
    """A status with the state of the disease and its date, no day of death; causes of death beside."""
    rng = random.Random(seed)
    people = patients(n, seed)
    d = "%d-%m-%Y"
    rows = [
        [
            "Expediente",
            "Género",
            "Edad (años)",
            "Tabaquismo (IT)",
            "Karnofsky",
            "Etapa clínica",
            "Mutación KRAS",
            "Fecha de Dx",
            "Fecha de inicio de 1a línea",
            "Medicamento",
            "Respuesta RECIST",
            "Fecha de última consulta",
            "Estatus actual",
            "Causa de defunción",
        ]
    ]
    for k, (pid, sex, age, start, _, death, last) in enumerate(people):
        rows.append(
            [
                pid,
                {"F": "Femenino", "M": "Masculino"}[sex],
                age,
                rng.randrange(40),
                rng.choice([70, 80, 90]),
                rng.choice(["IV", "IIIB"]),
                rng.choice(["Sí", "No"]),
                (start - 9 * DAY).strftime(d),
                start.strftime(d),
                rng.choice(["Sotorasib", "Quimioterapia"]),
                ("RP", "EE", "PE")[k % 3],
                last.strftime(d),
                "Muerto" if death else rng.choice(["Vivo con enfermedad", "Vivo sin enfermedad", "Perdido de vista"]),
                "Cáncer" if death else None,
            ]
        )
    excel(folder / "base.xlsx", {"Base": rows})
    return Truth(
        {
            "Expediente": "USUBJID",
            "Género": "SEX",
            "Edad (años)": "AGE",
            "Tabaquismo (IT)": None,
            "Karnofsky": "KPS",
            "Etapa clínica": "STAGE",
            "Mutación KRAS": "KRASMUT",
            "Fecha de Dx": "DIAGDT",
            "Fecha de inicio de 1a línea": "TRTSDT",
            "Medicamento": "DRUG_TYPE",
            "Respuesta RECIST": "BOR",
            "Fecha de última consulta": "LSTALVDT",
            "Estatus actual": "VITAL",
            "Causa de defunción": None,
        },
        courses_of(people),
    )


def us_ehr(folder, n=30, seed=52):
    """An export of health records: words run together, a flag and a day of death."""
    rng = random.Random(seed)
    people = patients(n, seed)
    d = "%m/%d/%Y"
    L = [
        "PatientKey,BirthDate,GenderCode,RaceEthnicity,PrimarySite,StageGroup,DxDate,LOT1StartDate,LOT1Regimen,LOT1EndDate,PDL1Percent,KRASStatus,LastActivityDate,DeathFlag,DateOfDeath,SmokingStatus,ECOGAtBaseline"
    ]
    for k, (_pid, sex, age, start, _, death, last) in enumerate(people):
        L.append(
            ",".join(
                map(
                    str,
                    [
                        f"{k * 7919 % 100000:05d}",
                        (start - 365 * age * DAY).strftime(d),
                        sex,
                        rng.choice(["White", "Black"]),
                        "C34.1",
                        rng.choice(["4A", "4B"]),
                        (start - 14 * DAY).strftime(d),
                        start.strftime(d),
                        rng.choice(["Pembrolizumab", "Carboplatin+Pemetrexed"]),
                        "",
                        rng.choice(["", "0", "60"]),
                        rng.choice(["Positive", "Negative", "Unknown"]),
                        last.strftime(d),
                        int(death is not None),
                        death.strftime(d) if death else "",
                        rng.choice(["Never", "Former"]),
                        rng.choice([0, 1]),
                    ],
                )
            )
        )
    (folder / "ehr.csv").write_text("\n".join(L) + "\n")
    return Truth(
        {
            "PatientKey": "USUBJID",
            "BirthDate": "BRTHDT",
            "GenderCode": "SEX",
            "RaceEthnicity": "RACE",
            "PrimarySite": None,
            "StageGroup": "STAGE",
            "DxDate": "DIAGDT",
            "LOT1StartDate": "TRTSDT",
            "LOT1Regimen": "DRUG_TYPE",
            "LOT1EndDate": None,
            "PDL1Percent": "PDL1",
            "KRASStatus": "KRASMUT",
            "LastActivityDate": "LSTALVDT",
            "DeathFlag": "VITAL",
            "DateOfDeath": "DTHDT",
            "SmokingStatus": "SMOKING",
            "ECOGAtBaseline": "ECOG",
        },
        [(f"{k * 7919 % 100000:05d}", x[1], x[2]) for k, x in enumerate(courses_of(people))],
    )


def austrian(folder, n=26, seed=53):
    """A list by hand: abbreviations, years of two digits, tabs."""
    rng = random.Random(seed)
    people = patients(n, seed)
    d = "%d.%m.%y"
    L = [
        "Lfd.Nr.\tInitialen\tm/w\tGeb.-Dat.\tED\tHisto\tStadium\tECOG-PS\t1st line\tStart 1st line\tbestes Ansprechen\tPD am\tverstorben am\tletzter Kontakt am"
    ]
    for k, (_pid, sex, age, start, prog, death, last) in enumerate(people):
        L.append(
            "\t".join(
                [
                    str(k + 1),
                    "A.B.",
                    {"F": "w", "M": "m"}[sex],
                    (start - 365 * age * DAY).strftime(d),
                    (start - 20 * DAY).strftime(d),
                    "AC",
                    "IV",
                    str(rng.randrange(3)),
                    "Sotorasib",
                    start.strftime(d),
                    ("PR", "SD", "PD")[k % 3],
                    prog.strftime(d) if prog else "",
                    death.strftime(d) if death else "",
                    last.strftime(d),
                ]
            )
        )
    (folder / "liste.txt").write_text("\n".join(L) + "\n", encoding="utf-8")
    return Truth(
        {
            "Lfd.Nr.": "USUBJID",
            "Initialen": None,
            "m/w": "SEX",
            "Geb.-Dat.": "BRTHDT",
            "ED": "DIAGDT",
            "Histo": "HIST",
            "Stadium": "STAGE",
            "ECOG-PS": "ECOG",
            "1st line": "DRUG_TYPE",
            "Start 1st line": "TRTSDT",
            "bestes Ansprechen": "BOR",
            "PD am": "PROGDT",
            "verstorben am": "DTHDT",
            "letzter Kontakt am": "LSTALVDT",
        },
        courses_of(people),
    )


WARDS = (mexican, us_ehr, austrian)
