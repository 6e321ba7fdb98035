"""Registries made for tests, in other languages and shapes; generated, of nobody. Each says what it truly holds."""

import datetime as dt
import random

import xlsxwriter

DAY = dt.timedelta(days=1)


def patients(n, seed):
    """n made-up courses: id, sex, age, start, progression or None, death or None, last contact."""
    rng = random.Random(seed)
    out = []
    for i in range(n):
        start = dt.date(2019, 1, 1) + DAY * rng.randrange(700)
        end = start + DAY * rng.randrange(40, 900)
        dead = rng.random() < 0.6
        progress = start + DAY * rng.randrange(20, (end - start).days) if rng.random() < 0.7 else None
        out.append(
            (f"P{i + 1:03d}", rng.choice("FM"), rng.randrange(35, 85), start, progress, end if dead else None, end)
        )
    return out


def kaplan_meier_input(course):
    """Days and event of overall survival."""
    _, _, _, start, _, death, last = course
    return ((death or last) - start).days + 1, death is not None


def sheet(path, sheets):
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if cell is not None:
                        page.write_string(i, j, str(cell))


def german(path, n=40, seed=1):
    """XLSX with a title above its headings, decimal commas, dd.mm.yyyy, a code list; no column says who died."""
    day = "%d.%m.%Y"
    rows = [["Lungenkrebsregister Musterstadt"], [], ["Stand: 1.7.2022"], []]
    rows.append(
        [
            "Pat.-Nr.",
            "Geschlecht",
            "Alter",
            "Raucherstatus",
            "PD-L1 TPS (%)",
            "TMB",
            "KRAS-Mutation",
            "Therapiebeginn",
            "Progressdatum",
            "Todesdatum",
            "Letzter Kontakt",
            "Bemerkung",
        ]
    )
    rng = random.Random(seed + 100)
    for pid, sex, age, start, progress, death, last in patients(n, seed):
        rows.append(
            [
                pid,
                {"F": "w", "M": "m"}[sex],
                age,
                rng.choice("012"),
                rng.randrange(100),
                f"{rng.random() * 20:.1f}".replace(".", ","),
                rng.choice(["ja", "nein", "nicht getestet"]),
                start.strftime(day),
                progress and progress.strftime(day),
                death and death.strftime(day),
                last.strftime(day),
                None,
            ]
        )
    codes = [
        ["Variable", "Code", "Bedeutung"],
        ["Raucherstatus", "0", "nie"],
        [None, "1", "früher"],
        [None, "2", "aktiv"],
    ]
    sheet(path, {"Register": rows, "Legende": codes})
    return patients(n, seed)


def german_truth():
    return {
        "Pat.-Nr.": "USUBJID",
        "Geschlecht": "SEX",
        "Alter": "AGE",
        "Raucherstatus": "SMOKING",
        "PD-L1 TPS (%)": "PDL1",
        "TMB": "TMB",
        "KRAS-Mutation": "KRASMUT",
        "Therapiebeginn": "TRTSDT",
        "Progressdatum": "PROGDT",
        "Todesdatum": "DTHDT",
        "Letzter Kontakt": "LSTALVDT",
    }


def french(folder, n=36, seed=2):
    """Semicolons, decimal commas, a line of therapy a row, status in words."""
    lines = [
        "N° patient;Sexe;Âge;Ligne;Traitement;Statut vital;Survie globale (mois);Survie sans progression (mois);Progression survie sans progression statut;Tabac"
    ]
    lines = ["N° patient;Sexe;Âge;Ligne;Traitement;Statut vital;Survie globale (mois);Tabac"]
    for pid, sex, age, start, _, death, last in patients(n, seed):
        months = f"{((death or last) - start).days / 30.4375:.2f}".replace(".", ",")
        for line in (1, 2):
            lines.append(
                f"{pid};{'femme' if sex == 'F' else 'homme'};{age};{line};{'chimio' if line == 1 else 'immuno'};{'décédé' if death else 'vivant'};{months};{'oui' if age % 2 else 'non'}"
            )
    (folder / "registre.csv").write_text("\n".join(lines) + "\n", encoding="latin-1")
    return patients(n, seed)


def french_truth():
    return {
        "N° patient": "USUBJID",
        "Sexe": "SEX",
        "Âge": "AGE",
        "Ligne": "LINE",
        "Traitement": "DRUG_TYPE",
        "Statut vital": "VITAL",
        "Survie globale (mois)": "OS_TIME",
        "Tabac": "SMOKING",
    }


def spanish_lesions(folder, n=20, seed=3):
    """A table of patients, and one row a lesion with merged cells of the patient; sizes in cm."""
    day = "%d/%m/%Y"
    head = ["ID paciente", "Sexo", "Edad", "Inicio de tratamiento", "Fecha de fallecimiento", "Último contacto"]
    rows, lesions = (
        [head],
        [["ID paciente", "N lesión", "Tipo de lesión", "Localización", "Fecha TAC", "Diámetro (cm)"]],
    )
    for k, (pid, sex, age, start, _, death, last) in enumerate(patients(n, seed)):
        rows.append(
            [
                pid,
                {"F": "mujer", "M": "varón"}[sex],
                age,
                start.strftime(day),
                death and death.strftime(day),
                last.strftime(day),
            ]
        )
        factor = (0.5, 1.0, 1.5)[k % 3]  # response, stable, progression
        first = True
        for visit, when in ((1.0, start), (factor, start + 60 * DAY), (factor, start + 100 * DAY)):
            for number, size in ((1, 4.0), (2, 3.0)):
                lesions.append(
                    [
                        pid if first else None,
                        number,
                        "diana",
                        "pulmón" if number == 1 else "hígado",
                        when.strftime(day),
                        f"{size * visit:.1f}",
                    ]
                )
                first = False
    sheet(folder / "registro.xlsx", {"Pacientes": rows, "Lesiones": lesions})
    return patients(n, seed)


def korean(path, n=30, seed=4):
    """Romanised Korean headings, month names, yes and no of death."""
    day = "%Y/%m/%d"
    lines = [
        "hwanja beonho,seongbyeol,nai,byeonggi,chiryo sijagil,samang yeobu,samangil,choejong chujeogil,choego baneung"
    ]
    for k, (pid, sex, age, start, _, death, last) in enumerate(patients(n, seed)):
        lines.append(
            f"{pid},{'yeo' if sex == 'F' else 'nam'},{age},IV,{start.strftime(day)},{'ye' if death else 'anio'},{death.strftime(day) if death else ''},{last.strftime(day)},{('PR', 'SD', 'PD')[k % 3]}"
        )
    path.write_text("\n".join(lines) + "\n")
    return patients(n, seed)


def korean_truth():
    return {
        "hwanja beonho": "USUBJID",
        "seongbyeol": "SEX",
        "nai": "AGE",
        "byeonggi": "STAGE",
        "chiryo sijagil": "TRTSDT",
        "samang yeobu": "VITAL",
        "samangil": "DTHDT",
        "choejong chujeogil": "LSTALVDT",
        "choego baneung": "BOR",
    }


def japanese_wide(path, n=24, seed=5):
    """Romanised Japanese headings; a wide table of visits."""
    lines = [
        "kanja ID,seibetsu,nenrei,chiryo kaishibi,shibobi,saishu kakuninbi,hyokabi 1,koka 1,hyokabi 2,koka 2,hyokabi 3,koka 3"
    ]
    for k, (pid, sex, age, start, _, death, last) in enumerate(patients(n, seed)):
        words = (("SD", "PR", "PR"), ("SD", "SD", "PD"), ("PD", "", ""))[k % 3]
        visits = ",".join(f"{(start + DAY * 42 * (i + 1)).isoformat() if w else ''},{w}" for i, w in enumerate(words))
        end = max(start + 130 * DAY, last)
        lines.append(
            f"{pid},{'josei' if sex == 'F' else 'dansei'},{age},{start.isoformat()},{end.isoformat() if death else ''},{end.isoformat()},{visits}"
        )
    path.write_text("\n".join(lines) + "\n")
    return patients(n, seed)


def chinese(path, n=30, seed=11):
    """Chinese headings and words, full-width brackets, dates by signs of year, month and day."""
    lines = ["住院号,性别,年龄（岁）,确诊日期,首次用药日期,KRAS突变,生存状态,死亡日期,末次随访日期,最佳疗效"]
    for k, (pid, sex, age, start, _, death, last) in enumerate(patients(n, seed)):
        told = [f"{d.year}年{d.month}月{d.day}日" if d else "" for d in (start - 30 * DAY, death)]
        day = [f"{d.year}/{d.month}/{d.day}" for d in (start, death or last)]
        best = ("完全缓解", "部分缓解", "疾病稳定", "疾病进展", "无法评价")[k % 5]
        lines.append(
            f"{pid},{'女' if sex == 'F' else '男'},{age},{told[0]},{day[0]},{('G12C', '野生型', '未检测')[k % 3]},"
            f"{'死亡' if death else ('存活', '失访')[k % 2]},{told[1]},{day[1]},{best}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return patients(n, seed)


def chinese_truth():
    return {
        "住院号": "USUBJID",
        "性别": "SEX",
        "年龄（岁）": "AGE",
        "确诊日期": "DIAGDT",
        "首次用药日期": "TRTSDT",
        "KRAS突变": "KRASMUT",
        "生存状态": "VITAL",
        "死亡日期": "DTHDT",
        "末次随访日期": "LSTALVDT",
        "最佳疗效": "BOR",
    }
