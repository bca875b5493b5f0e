"""Word lists of the generator: parameter names, nouns for function names, names of characters."""

NOUNS = """apple basket bottle box branch bridge brick bucket button cabin candle carpet castle chair circle class
cloud coat coin column corner counter course cover crate crowd cup curtain day desk device dish dollar door drawer
dress drum edge engine entry event farm fence field file filter finger fish flag flight floor flower folder forest
form frame fruit game garden gate glass glove goal grade group guest guitar hall hammer hand harbour hat hill hotel
house invoice island jacket journal key kitchen kite label ladder lake lamp lane lesson letter level library light
line lock machine mail map market match meal message meter mile mirror model month mountain museum music needle
network night note office orange order oven package paint paper park part party path pencil people phone photo
picture piece pilot pipe place plane plant plate player pocket point pond pool post potato price prize queue radio
rain record report ring river road robot rocket roof room rope route row sail salad sample sand school screen sea
season seat shelf ship shirt shoe shop signal size sky snow song sound spoon square stage stamp star station step
stock stone store storm story street string student sugar summer sweater table tank task team tent term test ticket
tile title tool tower town toy track train tree trip truck tunnel unit valley value van vase village visit wagon wall
watch water wave week weight wheel window winter wood word worker yard year zone""".split()

INT_NAMES = """n x a b y k m num number value amount count total size length width height age year day hour minutes
hours points score price cost distance speed level limit steps weight rank index position stock quantity budget
temperature balance speed floor seats pages lines rows columns boxes bottles players goals votes tickets days weeks
months coins grams metres litres first second left right low high base rate salary tax discount bonus start end
apples oranges books cars trees rooms guests students items_sold total_cost unit_price degrees capacity lap""".split()

STR_NAMES = """text word s string name title line label message sentence phrase code key city title note path tag
filename letters value word sentence email address colour country animal song line input_text user_name first last
heading caption topic token pattern season street product model line_text brand prefix suffix""".split()

LIST_NAMES = """numbers values items nums data xs scores prices ages weights heights points results amounts readings
distances marks counts temperatures sizes grades costs lengths levels steps entries measurements salaries speeds
votes rainfall steps_per_day goals elements sequence lst""".split()

STR_LIST_NAMES = """words names texts lines items strings labels titles cities tags colours animals fruits countries
guests players students products files messages codes entries songs tokens sentences phrases""".split()

DICT_NAMES = """scores prices stock ages counts table data inventory marks points votes phone_book grades totals
mapping salaries population weights lengths budget menu""".split()

LIST_ITEM_NAMES = """items values data things elements sequence lst objects entries cards parts""".split()

CHARS = {
    "-": ("dash", "dashes"), ",": ("comma", "commas"), ".": ("dot", "dots"), "!": ("exclamation mark", "exclamation marks"),
    "?": ("question mark", "question marks"), "*": ("star", "stars"), "#": ("hash", "hashes"), " ": ("space", "spaces"),
    "_": ("underscore", "underscores"), ":": ("colon", "colons"), ";": ("semicolon", "semicolons"),
    "/": ("slash", "slashes"), "+": ("plus sign", "plus signs"), "=": ("equals sign", "equals signs"),
    "@": ("at sign", "at signs"), "|": ("vertical bar", "vertical bars"), "$": ("dollar sign", "dollar signs"),
    "%": ("percent sign", "percent signs"), "~": ("tilde", "tildes"), "&": ("ampersand", "ampersands"),
}
CHAR_SYNONYMS = {".": ("full stop", "full stops"), "*": ("asterisk", "asterisks"), "-": ("hyphen", "hyphens")}

COUNT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

# What example arguments and text constants are made of.
SAMPLE_WORDS = """ant bear bird blue bread brown cake cat chess cold corn crow dance deer dog duck eagle elm fig fire fox
frog gold goose grape green grey hello hen hope ice ink iron jam joy kale kiwi leaf lemon lime lion lock lynx maple melon milk
mint moon moss mouse nest nut oak ocean olive onion owl palm pear pie pine plum pony queen rabbit red rice rose ruby
salt silk silver sky snail snow soup spice sun swan tea tiger toad tulip violet wasp wheat wind wolf wool yak zebra
level noon radar kayak Anna Ben Carl Dora Eva Finn Gus Ida Jack Kim Leo Max Nina Olga Paul Rita Sam Tom Uma Vera
Paris Rome Oslo Lima Cairo Berlin Tokyo""".split()

ONSETS = "b c d f g h j k l m n p r s t v w z bl br ch cl cr dr fl fr gl gr pl pr sh sl sp st th tr".split()
VOWELS = "a e i o u a e i o ai ea ee oa oo ou".split()
CODAS = "b d f g k l m n p r s t x ck ll nd ng nt rd rk rt sh st".split()


def invented(rng):
    """A word that means nothing, so that names and texts must be read and cannot be known by heart."""
    if rng.random() < 0.25:
        return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(2, 6)))
    s = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(rng.choice([1, 1, 2, 2, 3])))
    return s + rng.choice(CODAS) if rng.random() < 0.6 else s


# (many, of the big unit, of the small unit, how many small in one big)
UNITS = [
    ("hours", "minutes", 60), ("days", "hours", 24), ("weeks", "days", 7), ("years", "months", 12),
    ("kilometres", "metres", 1000), ("metres", "centimetres", 100), ("centimetres", "millimetres", 10),
    ("kilograms", "grams", 1000), ("tonnes", "kilograms", 1000), ("litres", "millilitres", 1000), ("feet", "inches", 12),
    ("yards", "feet", 3), ("pounds", "ounces", 16), ("dozens", "pieces", 12), ("minutes", "seconds", 60),
    ("hours", "seconds", 3600), ("days", "minutes", 1440), ("euros", "cents", 100), ("decades", "years", 10),
    ("centuries", "years", 100), ("weeks", "hours", 168), ("kilobytes", "bytes", 1024), ("gallons", "quarts", 4),
    ("meters", "centimeters", 100), ("kilometers", "meters", 1000), ("miles", "yards", 1760), ("stones", "pounds", 14),
    ("quarters", "months", 3), ("pairs", "pieces", 2), ("fortnights", "days", 14), ("bytes", "bits", 8),
]
CONTAINERS = """box crate bag bus carton pack tray basket shelf van row table team page sheet tin jar case train wagon
album class bundle roll bunch""".split()
CONTENTS = """eggs bottles books apples seats pens cards photos plates coins stamps buttons cups bricks lamps players
words lines pupils nails candles cookies oranges tickets stickers roses cans""".split()
