"""The drawing of Yanwan: everything authored by hand stands here, in metres east and north of the south-west corner."""

SEED = 20260
EPSG = 32650
EAST_0, NORTH_0 = 302000.0, 2481000.0  # open sea on a real map
CELL_M, COLUMNS, ROWS = 10.0, 620, 520

# West to east; the sea lies to the south. The straight part in the west is the quay.
COAST = [(-300, 1370), (150, 1390), (335, 1360), (350, 700), (1450, 640), (1475, 1190), (1650, 1215), (1850, 1140),
         (2000, 1040), (2350, 950), (2560, 870), (2800, 760), (3100, 700), (3400, 690), (3700, 740), (3950, 830),
         (4150, 960), (4330, 1040), (4520, 1050), (4700, 960), (4850, 780), (4980, 540), (5200, 380), (5450, 320),
         (5700, 390), (5900, 540), (6100, 640), (6500, 700)]
QUAY = (330, 1480)  # from u to u
RIVER = [(2500, 5500), (2420, 5100), (2300, 4700), (2520, 4200), (2280, 3600), (2050, 3000), (2300, 2400), (2240, 1800),
         (2080, 1300), (2100, 700)]
RIVER_HALF_WIDTH = (32.0, 85.0)  # at the north edge, at the mouth

# u, v, height, radius
HILLS = [(750, 4600, 310, 720), (1500, 4900, 190, 480), (150, 3900, 140, 420), (5250, 4750, 300, 660),
         (4100, 4850, 210, 520), (3300, 4650, 120, 380), (6150, 4400, 160, 400), (5420, 1000, 150, 400),
         (5800, 1450, 90, 300), (3240, 2660, 62, 190)]

# name, style, angle of the streets in degrees, outline
DISTRICTS = [
    ("Harbour Central", "cbd", 8, [(2480, 1010), (2800, 860), (3850, 860), (4080, 1150), (4020, 1640), (3900, 2120),
                                   (2480, 2150)]),
    ("Old Quay", "old", -12, [(960, 1480), (1880, 1330), (2200, 1750), (2260, 2400), (1250, 2530), (920, 2050)]),
    ("Container Terminal", "port", -3, [(362, 722), (1438, 664), (1462, 1170), (370, 1330)]),
    ("West Works", "works", 0, [(80, 1450), (900, 1460), (860, 2330), (80, 2330)]),
    ("Stone Gate Estates", "estate", 20, [(120, 2400), (880, 2420), (1200, 2600), (1980, 2560), (1950, 3600),
                                          (600, 3560), (120, 3300)]),
    ("Garden Row", "midrise", 8, [(2400, 2210), (3960, 2170), (4040, 3050), (2250, 3080)]),
    ("East Shore Estates", "estate", -15, [(4120, 1640), (5000, 1560), (6080, 2050), (6080, 3060), (4130, 3060)]),
    ("Net Makers' Village", "old", 25, [(4110, 1120), (4640, 1110), (4960, 1480), (4100, 1580)]),
    ("North Fields", "midrise", 0, [(2500, 3140), (4950, 3140), (4800, 3790), (2640, 3800)]),
    ("Ferry Head Village", "old", -30, [(5020, 3150), (5900, 3150), (5850, 3640), (5050, 3700)]),
    ("Upper Valley", "old", 15, [(1950, 3700), (2220, 3700), (2230, 4250), (1950, 4250)]),
    ("Lion Hill", "hillside", 0, [(100, 3650), (1900, 3970), (1900, 5080), (100, 5080)]),
    ("Cloud Ridge", "hillside", 0, [(2750, 3970), (6080, 3970), (6080, 5080), (2750, 5080)]),
    ("Cape Lantern", "hillside", 0, [(4900, 500), (5950, 640), (6080, 1950), (5040, 1470)]),
]
CBD_CORE = [(3250, 1350), (3650, 1750)]  # the tallest towers stand around these

# name, outline; streets and houses keep out
PARKS = [
    ("Observatory Hill Park", [(2960, 2430), (3520, 2410), (3540, 2880), (2980, 2900)]),
    ("Harbour Green", [(3020, 1010), (3300, 1000), (3310, 1130), (3030, 1140)]),
    ("Mid-Town Green", [(2720, 1700), (2880, 1690), (2890, 1830), (2730, 1840)]),
    ("Banyan Square", [(1480, 1900), (1600, 1880), (1610, 1960), (1490, 1980)]),
    ("West Depot", [(880, 1480), (990, 1470), (1000, 1560), (890, 1570)]),
    ("Old Wall Green", [(1500, 2500), (1640, 2490), (1650, 2590), (1510, 2600)]),
    ("Net Makers' Green", [(4380, 1290), (4480, 1280), (4490, 1360), (4390, 1370)]),
    ("East Shore Gardens", [(4900, 2100), (5120, 2060), (5150, 2300), (4930, 2340)]),
    ("North Fields Green", [(3050, 3370), (3190, 3370), (3190, 3480), (3050, 3480)]),
    ("Ferry Head Green", [(5380, 3330), (5500, 3330), (5500, 3430), (5380, 3430)]),
    ("Stone Gate Common", [(900, 2900), (1130, 2940), (1090, 3120), (860, 3080)]),
]
# Ground kept for one large building each: name, u, v, half length, half width
HOSPITAL = ("Yanwan Hospital", 3650, 3470, 36, 17)
STADIUM = ("Yanwan Stadium", 4520, 3440, 115, 88)

# The high-voltage line, from the east along the foot of the hills to the substation
PYLONS = [(6120, 3760), (5800, 3780), (5480, 3790), (5160, 3800), (4840, 3860), (4520, 3880), (4200, 3885), (3880, 3880),
          (3560, 3885), (3240, 3880), (2920, 3885), (2640, 3890), (2230, 3850), (2030, 3740), (1790, 3680)]
LINE_FREE_M = 45.0  # nothing is built nearer to the line
PYLON_BUFFER_M, SPAN_BUFFER_M, CRANE_BUFFER_M = 8.0, 14.0, 40.0
# Tower cranes on building sites: name, u, v, height
CRANES = [("Crane A", 3120, 1560, 185), ("Crane B", 3760, 1300, 200), ("Crane C", 2640, 1330, 150),
          ("Crane D", 3420, 1960, 165), ("Crane E", 3700, 1960, 140), ("Crane F", 4600, 2300, 125),
          ("Crane G", 1500, 2960, 120)]
CRANE_FREE_M = 26.0  # the building site itself

APPROACH = [(4250, 2520), (6170, 2080), (6170, 3120), (4250, 2760)]

# id, name, u, v, slots, place
HUBS = [
    ("H1", "Banyan Square hub", 1545, 1930, 8, "open"), ("H2", "West Depot hub", 940, 1520, 8, "open"),
    ("H3", "Old Wall hub", 1575, 2545, 8, "open"), ("H4", "Net Makers' hub", 4435, 1325, 8, "open"),
    ("H5", "North Fields hub", 3120, 3425, 8, "open"), ("H6", "Ferry Head hub", 5440, 3380, 8, "open"),
]
KIOSKS = [
    ("Harbour Green", 3160, 1070, 4, "open"), ("Mid-Town Green", 2800, 1760, 4, "open"),
    ("Exchange Street", 3250, 1450, 4, "street"), ("Customs Lane", 2980, 1300, 4, "street"),
    ("Tower Walk", 3500, 1500, 4, "street"), ("Harbour Steps", 3600, 1050, 4, "street"),
    ("Bankers' Row", 3300, 1750, 4, "street"), ("Pier Street", 2650, 1100, 4, "street"),
    ("Compass Street", 3850, 1650, 3, "street"), ("Central podium east", 3750, 1500, 3, "roof"),
    ("Central podium west", 2850, 1500, 3, "roof"), ("Central podium north", 3100, 2000, 3, "roof"),
    ("Quay Lane", 1200, 1800, 4, "street"), ("Ropewalk", 1800, 1600, 4, "street"),
    ("Salt Market", 2050, 2000, 4, "open"), ("Well Street", 1300, 2300, 4, "street"),
    ("Old Town roof", 1750, 2150, 3, "roof"), ("River Steps", 2100, 2350, 4, "open"),
    ("West Works gate", 600, 1700, 4, "street"), ("West Works roof", 350, 2050, 4, "roof"),
    ("Stone Gate Common", 1000, 3010, 4, "open"), ("Stone Gate west", 450, 2800, 4, "open"),
    ("Stone Gate north", 1300, 3400, 4, "open"), ("Stone Gate east", 1750, 2950, 4, "open"),
    ("Observatory Hill", 3240, 2660, 4, "open"), ("Garden Row west", 2550, 2500, 4, "street"),
    ("Garden Row east", 3750, 2400, 4, "street"), ("Garden Row roof", 3800, 2800, 3, "roof"),
    ("Garden Row north roof", 2650, 2900, 3, "roof"), ("East Shore Gardens", 5030, 2200, 4, "open"),
    ("East Shore south", 4500, 1850, 4, "open"), ("East Shore point", 5700, 2150, 4, "open"),
    ("East Shore north", 4700, 2950, 4, "open"), ("Beach Road", 4350, 1130, 4, "open"),
    ("North Fields west", 2800, 3550, 4, "street"), ("North Fields roof", 4050, 3400, 3, "roof"),
    ("Upper Valley", 2100, 3950, 4, "open"), ("Lion Hill", 700, 3950, 4, "open"),
    ("Cloud Ridge", 4400, 4300, 4, "open"), ("Cape Lantern", 5350, 750, 4, "open"),
]
