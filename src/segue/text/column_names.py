"""What the columns of a table are called where its language is not English, or its author plain-spoken.

Lists of songs and catalogues are both read by column names; each knows those of the programs that write
them, and both know these. Left out are words that as often head another column: "nummer", "pista", "group".
"""

TITLES: tuple[str, ...] = (
    "tune", "Titel", "Songtitel", "Liedtitel", "Lied",  # German, Dutch, Swedish, Danish
    "Titre", "Chanson", "Morceau",
    "Título", "Canción", "Nombre de la canción", "Música", "Faixa", "Canção", "Nome da música",
    "Titolo", "Brano", "Canzone", "Traccia",
    "Tittel", "Låttitel", "Sang", "Kappale",
    "Tytuł", "Utwór", "Název", "Skladba", "Cím", "Titlu", "Piesă",
    "Şarkı", "Şarkı adı", "Τίτλος", "Τραγούδι",
    "Название", "Песня", "Трек", "Композиция", "Назва", "Пісня",
    "曲名", "タイトル", "楽曲", "歌名", "歌曲", "曲目", "标题", "標題", "제목", "곡명", "노래",
)  # fmt: skip
ARTISTS: tuple[str, ...] = (
    "band", "bands", "singer", "singers", "musician", "performers", "main artist", "primary artist",
    "Interpret", "Interpreten", "Künstler", "Kuenstler", "Künstlername",
    "Artiest", "Artiesten", "Uitvoerder",
    "Artiste", "Artistes", "Interprète", "Interprètes",
    "Artista", "Artistas", "Intérprete", "Intérpretes", "Banda", "Cantante", "Cantor",
    "Artisti", "Interpreti",
    "Artister", "Kunstner", "Kunstnere", "Esittäjä",
    "Wykonawca", "Artysta", "Umělec", "Előadó",
    "Sanatçı", "Καλλιτέχνης",
    "Исполнитель", "Артист", "Виконавець",
    "アーティスト", "アーティスト名", "歌手", "艺术家", "艺人", "演唱者", "藝人", "아티스트", "가수",
)  # fmt: skip
ALBUMS: tuple[str, ...] = (
    "Albumtitel", "Álbum", "Albumi", "Albüm", "Άλμπουμ", "Альбом",
    "アルバム", "アルバム名", "专辑", "專輯", "앨범",
)  # fmt: skip
