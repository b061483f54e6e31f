extension DemoAssortment {
    static let shelter: [DemoProductType] = [
        .init(
            "tent", ["Camping", "Shelter", "Tents"], "A tent to sleep in, with a groundsheet sewn in.",
            [
                .init(
                    "silnylon", .ultralight, .threeSeason, 420, "Stands on two walking poles and weighs under a kilo."),
                .init("ripstop nylon", .light, .threeSeason, 310, "One pole, two doors, pitched in four minutes."),
                .init("polyester", .standard, .summer, 190, "Room for four and standing height in the middle."),
                .init("cotton canvas", .sturdy, .all, 480, "Breathes in heat, takes a stove pipe, lasts for decades."),
                .init("ripstop nylon", .sturdy, .winter, 650, "Four crossing poles and snow skirts for storms."),
            ]),
        .init(
            "tarp", ["Camping", "Shelter", "Tarps"], "A sheet with loops all round, to be pitched as the place allows.",
            [
                .init("silnylon", .ultralight, .threeSeason, 140, "Catenary edges keep it quiet in wind."),
                .init("polyester", .standard, .summer, 45, "Shade for a table and six chairs."),
                .init("cotton canvas", .sturdy, .all, 160, "Sparks from the fire leave no holes."),
                .init("coated polyester", .sturdy, .all, 85, "Keeps gear dry on a beach or a boat."),
            ]),
    ]

    static let sleep: [DemoProductType] = [
        .init(
            "sleeping bag", ["Camping", "Sleeping", "Sleeping bags"], "A bag to sleep warm in.",
            [
                .init("down", .ultralight, .threeSeason, 380, "Half a kilo of warmth that packs to a loaf."),
                .init("down", .standard, .winter, 520, "Draught collar and baffles for nights at minus twenty."),
                .init("synthetic fill", .standard, .summer, 60, "Opens flat into a quilt, machine washable."),
                .init("synthetic fill", .light, .threeSeason, 130, "Warm even when damp."),
                .init("wool", .sturdy, .all, 240, "Breathes, and does not mind smoke."),
            ]),
        .init(
            "sleeping mat", ["Camping", "Sleeping", "Mats"], "Keeps you off the ground.",
            [
                .init(
                    "ripstop nylon", .ultralight, .threeSeason, 170, "Inflates with its own sack; the size of a bottle."
                ),
                .init("closed-cell foam", .light, .all, 35, "Folds, never leaks, is a seat as well."),
                .init("polyester", .standard, .summer, 70, "Ten centimetres high, like a bed at home."),
                .init("ripstop nylon", .sturdy, .winter, 210, "Insulated for sleeping on snow."),
                .init("sheepskin", .sturdy, .all, 120, "Warm by the fire and on frozen ground."),
            ]),
        .init(
            "blanket", ["Camping", "Sleeping", "Blankets"], "For cool evenings.",
            [
                .init("wool", .sturdy, .all, 110, "Woven thick; sheds rain for an hour."),
                .init("fleece", .standard, .summer, 25, "Soft, washable, big enough for two."),
                .init("down", .ultralight, .threeSeason, 180, "A quilt that snaps into a poncho."),
                .init("cotton canvas", .sturdy, .all, 90, "Lined bedroll with leather straps."),
            ]),
        .init(
            "pillow", ["Camping", "Sleeping", "Pillows"], "For a good night's sleep.",
            [
                .init("ripstop nylon", .ultralight, .threeSeason, 38, "Two breaths and it is up; sixty grams."),
                .init("cotton", .standard, .summer, 22, "Foam filling and a washable cover."),
                .init("wool", .sturdy, .all, 45, "Stuffed with curled wool."),
            ]),
    ]

    static let kitchen: [DemoProductType] = [
        .init(
            "stove", ["Camping", "Kitchen", "Stoves"], "To cook on, outside.",
            [
                .init("titanium", .ultralight, .threeSeason, 75, "Screws on a gas cartridge; twenty-five grams."),
                .init("aluminium", .standard, .summer, 95, "Two burners, a wind guard and a lid."),
                .init("stainless steel", .sturdy, .all, 85, "Burns twigs and cones, no fuel to carry."),
                .init("brass", .light, .winter, 150, "Liquid fuel; boils at minus thirty."),
                .init("cast iron", .sturdy, .all, 180, "A small wood burner with a pipe for the tent."),
            ]),
        .init(
            "pot", ["Camping", "Kitchen", "Pots"], "For soup, pasta and melted snow.",
            [
                .init("titanium", .ultralight, .threeSeason, 65, "Holds a cartridge and the stove inside."),
                .init("aluminium", .light, .all, 40, "Boils quickly thanks to its finned bottom."),
                .init("stainless steel", .standard, .summer, 55, "Set of three with lids and folding grips."),
                .init("cast iron", .sturdy, .all, 70, "Bakes bread in the embers."),
                .init("enamelled steel", .sturdy, .all, 35, "Hangs over the fire on its bail."),
            ]),
        .init(
            "mug", ["Camping", "Kitchen", "Mugs"], "For coffee in the morning.",
            [
                .init("titanium", .ultralight, .threeSeason, 32, "Single wall; boils water on the stove as well."),
                .init("enamelled steel", .standard, .all, 12, "Speckled, in sets of four."),
                .init("birch wood", .sturdy, .all, 38, "Turned from burl, oiled, with a leather loop."),
                .init("polypropylene", .light, .summer, 8, "Unbreakable, with lines for measuring."),
            ]),
        .init(
            "cutlery", ["Camping", "Kitchen", "Cutlery"], "To eat with.",
            [
                .init("titanium", .ultralight, .threeSeason, 16, "A long spoon that reaches the bottom of the bag."),
                .init("polypropylene", .light, .summer, 6, "Spoon, fork and edge in one."),
                .init("stainless steel", .standard, .summer, 20, "Four sets in a roll."),
                .init("birch wood", .sturdy, .all, 24, "Carved spoon and ladle."),
            ]),
        .init(
            "cool box", ["Camping", "Kitchen", "Cool boxes"], "Keeps food cold.",
            [
                .init("polypropylene", .standard, .summer, 60, "Holds a weekend's shopping for four."),
                .init("polyester", .light, .summer, 30, "Folds flat when empty."),
                .init("polyethylene", .sturdy, .all, 230, "Ice for five days; a seat, too."),
            ]),
    ]

    static let water: [DemoProductType] = [
        .init(
            "vacuum flask", ["Camping", "Water", "Flasks"], "Hot stays hot.",
            [
                .init("stainless steel", .standard, .winter, 38, "Tea still steams after a day at minus ten."),
                .init("titanium", .ultralight, .winter, 110, "Half the weight of steel."),
                .init("stainless steel", .sturdy, .all, 48, "Hammered finish and a cup for two."),
                .init("stainless steel", .standard, .summer, 28, "A litre of cold squash for the beach."),
            ]),
        .init(
            "water bottle", ["Camping", "Water", "Bottles"], "To drink on the way.",
            [
                .init("polyethylene", .ultralight, .threeSeason, 12, "Rolls up when empty."),
                .init("thermoplastic", .ultralight, .summer, 24, "A soft flask for a running vest."),
                .init("stainless steel", .sturdy, .all, 30, "May hang over the fire."),
                .init("aluminium", .standard, .summer, 16, "In children's sizes as well."),
            ]),
        .init(
            "water filter", ["Camping", "Water", "Filters"], "Makes water from streams fit to drink.",
            [
                .init("hollow fibre", .ultralight, .threeSeason, 42, "Squeezes a litre in a minute, eighty grams."),
                .init("ceramic", .sturdy, .all, 180, "A hand pump that can be cleaned in the field."),
                .init("polyester", .standard, .summer, 65, "Hangs from a tree and fills ten litres."),
            ]),
    ]

    static let camp: [DemoProductType] = [
        .init(
            "chair", ["Camping", "Furniture", "Chairs"], "To sit on.",
            [
                .init("polyester", .standard, .summer, 38, "Arm rests, a cup holder, folds like an umbrella."),
                .init("aluminium", .light, .threeSeason, 95, "Under a kilo, legs on shock cord."),
                .init("cotton canvas", .sturdy, .all, 85, "An ash frame and a sling."),
            ]),
        .init(
            "table", ["Camping", "Furniture", "Tables"], "For meals and games.",
            [
                .init("aluminium", .standard, .summer, 75, "Rolls up; seats six."),
                .init("ash wood", .sturdy, .all, 130, "Slats on a canvas back, legs that screw in."),
                .init("carbon fibre", .ultralight, .threeSeason, 110, "As big as a book, for one stove and one mug."),
            ]),
        .init(
            "lantern", ["Camping", "Light", "Lanterns"], "Light for the table.",
            [
                .init("polypropylene", .standard, .summer, 28, "Dims, charges a phone, hangs in the tent."),
                .init("brass", .sturdy, .all, 65, "Paraffin, with a glass chimney."),
                .init("thermoplastic", .light, .threeSeason, 20, "Inflates, charges in the sun, floats."),
            ]),
    ]
}
