#!/usr/bin/env python3
"""Prints every form that pymorphy3 gives for 214 nouns of event listings.

    pip install pymorphy3==2.0.6 pymorphy3-dicts-ru==2.4.417150.4580142
    python tests/search/analysis/russian_forms.py > tests/search/analysis/russian_forms.tsv

A line is the noun and its forms, sorted, with tabs between them. Forms of the same
spelling are one.
"""

import pymorphy3

NOUNS = """
концерт выставка лекция театр спектакль экскурсия игра музей книга танец ёлка ярмарка
фестиваль песня сказка день ребёнок год лёд юбилей свадьба деньги церковь человек
банк банка бег самокат мастер класс занятие урок курс школа студия кружок семинар
тренинг конференция форум встреча клуб вечер вечеринка праздник карнавал парад шествие
салют фейерверк балет опера мюзикл оркестр хор ансамбль группа певец певица музыкант
композитор дирижёр скрипка гитара рояль орган барабан джаз рок блюз симфония кино
фильм мультфильм премьера показ сеанс режиссёр актёр актриса сцена зал билет место ряд
касса цена скидка абонемент галерея картина художник живопись скульптура фотография
портрет пейзаж керамика рисунок рисование вышивка вязание шитьё лепка поэзия поэт стих
роман писатель чтение библиотека история наука учёный космос планета звезда робот
программа программист компьютер технология стартап предприятие инвестор бизнес
маркетинг реклама проект команда работа карьера вакансия язык английский перевод
разговор дискуссия турнир чемпионат матч футбол хоккей баскетбол шахматы
плавание бассейн лыжи коньки каток марафон забег велосипед гонка поход гора лес река озеро
море лагерь костёр палатка природа сад парк площадь улица мост дворец замок крепость
храм монастырь собор колокол кухня рецепт повар хлеб кофе чай пирог дегустация
ужин обед ресторан кафе рынок цветок букет собака кошка лошадь конь птица
семья мама отец сын дочь бабушка друг подруга сосед гость площадка молодёжь студент
время имя сон ветер огонь
""".split()


def forms(analyzer, noun):
    parses = [
        parse
        for parse in analyzer.parse(noun)
        if parse.word == noun.replace("ё", "е") or parse.word == noun
    ]
    nouns = [parse for parse in parses if "NOUN" in parse.tag] or parses
    # The dictionary's form of a plural alone (`деньги`, `люди`) may be another word.
    best = next((parse for parse in nouns if parse.normal_form == noun), nouns[0])
    return sorted({form.word for form in best.lexeme})


def main():
    assert len(NOUNS) == len(set(NOUNS)) == 214, len(NOUNS)
    analyzer = pymorphy3.MorphAnalyzer(lang="ru")
    for noun in NOUNS:
        print(noun, *forms(analyzer, noun), sep="\t")


main()
