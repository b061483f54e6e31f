extension DemoAssortment {
    static let tools: [DemoProductType] = [
        .init(
            "knife", ["Tools", "Blades", "Knives"], "Cuts bread, rope and wood.",
            [
                .init("carbon steel", .sturdy, .all, 65, "Full tang, birch grip, strikes sparks."),
                .init("stainless steel", .light, .all, 35, "Folds; locks; weighs fifty grams."),
                .init("stainless steel", .standard, .summer, 28, "Corkscrew, tin opener and saw."),
                .init("titanium", .ultralight, .threeSeason, 48, "A blade of eighteen grams."),
                .init("stainless steel", .sturdy, .summer, 45, "Blunt tip for rescue on the water."),
            ]),
        .init(
            "saw", ["Tools", "Blades", "Saws and axes"], "For firewood.",
            [
                .init("carbon steel", .sturdy, .all, 58, "Folds, cuts on the pull."),
                .init("ash wood", .sturdy, .all, 75, "A bucksaw that comes apart."),
                .init("carbon steel", .sturdy, .winter, 120, "Snow saw and shovel in one."),
            ]),
        .init(
            "axe", ["Tools", "Blades", "Saws and axes"], "Splits and carves.",
            [
                .init("carbon steel", .sturdy, .all, 110, "Forged head on a hickory handle."),
                .init("carbon steel", .standard, .all, 45, "A hatchet with a fibre handle."),
                .init("aluminium", .light, .winter, 130, "An ice axe for easy glaciers."),
            ]),
        .init(
            "headlamp", ["Tools", "Light", "Headlamps"], "Light with both hands free.",
            [
                .init("thermoplastic", .ultralight, .threeSeason, 48, "Thirty grams, charges by cable."),
                .init("aluminium", .light, .winter, 110, "Bright beam; battery under the jacket."),
                .init("polypropylene", .standard, .summer, 18, "Three small batteries, four modes."),
                .init("thermoplastic", .light, .summer, 85, "Does not bounce; reactive beam for running."),
            ]),
        .init(
            "walking poles", ["Tools", "Walking", "Poles"], "Spare the knees.",
            [
                .init("carbon fibre", .ultralight, .threeSeason, 140, "Fold to forty centimetres."),
                .init("aluminium", .standard, .summer, 48, "Telescopic, with cork grips."),
                .init("aluminium", .sturdy, .winter, 85, "Big baskets, two sections, for snow."),
                .init("ash wood", .sturdy, .all, 45, "A staff with an iron tip."),
            ]),
        .init(
            "map case", ["Tools", "Walking", "Navigation"], "Maps stay dry and at hand.",
            [
                .init("thermoplastic", .light, .all, 22, "Clear on both sides, floats."),
                .init("leather", .sturdy, .all, 58, "With a loop for the compass."),
                .init("polyester", .standard, .summer, 15, "Hangs round the neck."),
            ]),
        .init(
            "repair kit", ["Tools", "Care", "Repair"], "Mends what tears.",
            [
                .init("silnylon", .ultralight, .threeSeason, 12, "Patches, needle and thread, fifteen grams."),
                .init("thermoplastic", .standard, .all, 18, "Glue and patches for boats and dry suits."),
                .init("leather", .sturdy, .all, 34, "Awl, waxed thread and rivets."),
            ]),
        .init(
            "care product", ["Tools", "Care", "Proofing"], "Makes things last.",
            [
                .init("beeswax", .standard, .all, 16, "For waxed cotton and leather."),
                .init("silicone", .light, .all, 14, "Seals seams of silnylon."),
                .init("lanolin", .standard, .all, 15, "Washes down and wool."),
                .init("silicone", .standard, .all, 19, "Keeps neoprene and coatings supple."),
            ]),
        .init(
            "sharpener", ["Tools", "Care", "Sharpening"], "Keeps an edge.",
            [
                .init("ceramic", .light, .all, 18, "A rod in a pen."),
                .init("natural stone", .sturdy, .all, 36, "Two grits in a leather case."),
                .init("natural stone", .sturdy, .all, 24, "A round puck for axes."),
            ]),
        .init(
            "rope", ["Tools", "Walking", "Ropes and cord"], "To tie, hang and tow.",
            [
                .init("ultralight polyethylene", .ultralight, .threeSeason, 15, "Guy line that reflects."),
                .init("jute", .sturdy, .all, 9, "Makes tinder as well."),
                .init("polypropylene", .standard, .all, 28, "A throw line that floats."),
                .init("nylon", .light, .winter, 95, "Thirty metres for glaciers."),
            ]),
        .init(
            "buoyancy aid", ["Tools", "Water sports", "Safety"], "Keeps the head above water.",
            [
                .init("closed-cell foam", .sturdy, .all, 130, "Short waist, big pockets, front zip."),
                .init("closed-cell foam", .standard, .summer, 60, "For children and guests."),
                .init("neoprene", .sturdy, .winter, 180, "Fits over a dry suit."),
            ]),
        .init(
            "paddle", ["Tools", "Water sports", "Paddles"], "To get on.",
            [
                .init("ash wood", .sturdy, .all, 120, "Beavertail, oiled, for open canoes."),
                .init("aluminium", .standard, .summer, 45, "Comes apart for the car."),
                .init("carbon fibre", .light, .all, 260, "Feathered, for long crossings."),
            ]),
    ]
}
