extension DemoAssortment {
    static let carrying: [DemoProductType] = [
        .init(
            "backpack", ["Carrying", "Backpacks", "Trekking packs"], "Carries what a tour needs.",
            [
                .init("ripstop nylon", .ultralight, .threeSeason, 230, "No frame, roll top, wide mesh pockets."),
                .init("ripstop nylon", .light, .all, 210, "A light frame that carries fifteen kilos well."),
                .init("polyester", .standard, .summer, 95, "Many pockets and a rain cover."),
                .init("cotton canvas", .sturdy, .all, 260, "Waxed, with leather straps and brass buckles."),
                .init("coated polyester", .sturdy, .winter, 190, "Straps for skis, snowshoes and an ice axe."),
            ]),
        .init(
            "daypack", ["Carrying", "Backpacks", "Daypacks"], "For a day's walk.",
            [
                .init("polyester", .standard, .summer, 45, "Twenty litres and room for a lunch box."),
                .init("mesh", .ultralight, .summer, 120, "A running vest that holds two soft flasks."),
                .init("silnylon", .ultralight, .threeSeason, 40, "Packs into its own pocket."),
                .init("cotton canvas", .sturdy, .all, 95, "A rucksack as grandfather had it."),
            ]),
        .init(
            "dry bag", ["Carrying", "Bags", "Dry bags"], "Keeps water out.",
            [
                .init("coated polyester", .sturdy, .all, 48, "Welded seams; floats when rolled shut."),
                .init("silnylon", .ultralight, .threeSeason, 22, "Thirty grams; sorts a pack by colour."),
                .init("thermoplastic", .sturdy, .summer, 65, "Shoulder straps, sixty litres, for a canoe."),
                .init("thermoplastic", .light, .all, 18, "A window for phone and map."),
            ]),
        .init(
            "pouch", ["Carrying", "Bags", "Pouches"], "For small things.",
            [
                .init("leather", .sturdy, .all, 42, "For the belt; flint, tinder and a compass."),
                .init("silnylon", .ultralight, .threeSeason, 14, "For first aid and papers."),
                .init("neoprene", .light, .summer, 18, "Sits on the waist while running."),
                .init("polyester", .standard, .summer, 12, "Wash bag with a hook."),
            ]),
    ]

    static let clothing: [DemoProductType] = [
        .init(
            "rain jacket", ["Clothing", "Jackets", "Rain jackets"], "Keeps rain off.",
            [
                .init("ripstop nylon", .ultralight, .threeSeason, 220, "Three layers, one hundred and fifty grams."),
                .init("polyester", .standard, .summer, 60, "Lined with mesh; packs into its pocket."),
                .init("waxed cotton", .sturdy, .all, 240, "Quiet in the woods and can be waxed again."),
                .init("coated polyester", .sturdy, .all, 150, "Neoprene cuffs keep spray out."),
                .init("ripstop nylon", .standard, .winter, 330, "Snow skirt and a hood over the helmet."),
            ]),
        .init(
            "insulated jacket", ["Clothing", "Jackets", "Insulated jackets"], "Warm when it is cold.",
            [
                .init("down", .ultralight, .threeSeason, 260, "Two hundred grams; the warmest for its weight."),
                .init("down", .standard, .winter, 340, "Long, boxed, for belays and huts."),
                .init("synthetic fill", .standard, .all, 90, "Washable, for every day."),
                .init("wool", .sturdy, .all, 210, "Boiled wool with horn buttons."),
            ]),
        .init(
            "base layer", ["Clothing", "Layers", "Base layers"], "Next to the skin.",
            [
                .init("merino wool", .light, .winter, 85, "Warm, and fresh for a week."),
                .init("merino wool", .ultralight, .threeSeason, 75, "As thin as a summer shirt."),
                .init("polyester", .light, .summer, 28, "Dries while you wear it."),
                .init("mesh", .light, .winter, 55, "Net under the wool for hard climbs on skis."),
            ]),
        .init(
            "trousers", ["Clothing", "Trousers", "Long trousers"], "For walking.",
            [
                .init("ripstop nylon", .light, .threeSeason, 85, "Stretch, dries in an hour."),
                .init("polyester", .standard, .summer, 40, "Legs zip off."),
                .init("waxed cotton", .sturdy, .all, 140, "Double knees against thorns and sparks."),
                .init("coated polyester", .sturdy, .winter, 190, "Vents along the thigh, gaiters inside."),
                .init("neoprene", .sturdy, .summer, 95, "For long days in a wet boat."),
            ]),
        .init(
            "shorts", ["Clothing", "Trousers", "Shorts"], "For warm days.",
            [
                .init("polyester", .ultralight, .summer, 42, "Split hem, inner brief, key pocket."),
                .init("ripstop nylon", .light, .summer, 48, "Swims and walks."),
                .init("cotton", .standard, .summer, 25, "With six pockets."),
            ]),
        .init(
            "gloves", ["Clothing", "Accessories", "Gloves"], "For cold or working hands.",
            [
                .init("merino wool", .light, .winter, 32, "Liners that work a telephone."),
                .init("leather", .sturdy, .all, 48, "For axe and fire."),
                .init("synthetic fill", .standard, .winter, 75, "Mittens with a removable lining."),
                .init("neoprene", .sturdy, .all, 35, "Grip on a wet paddle."),
            ]),
        .init(
            "hat", ["Clothing", "Accessories", "Hats"], "For the head.",
            [
                .init("merino wool", .light, .winter, 30, "Fits under a hood."),
                .init("mesh", .ultralight, .summer, 26, "A running cap that folds."),
                .init("waxed cotton", .sturdy, .all, 55, "Brim against rain and sun."),
                .init("cotton", .standard, .summer, 18, "With a neck flap, for children too."),
            ]),
        .init(
            "socks", ["Clothing", "Accessories", "Socks"], "Against blisters.",
            [
                .init("merino wool", .light, .threeSeason, 20, "Thin, for long days."),
                .init("merino wool", .sturdy, .winter, 28, "Thick terry to the knee."),
                .init("polyester", .ultralight, .summer, 14, "Toe socks for running."),
                .init("neoprene", .sturdy, .all, 30, "Warm in wet shoes."),
                .init("cotton", .standard, .summer, 9, "Three pairs."),
            ]),
    ]

    static let footwear: [DemoProductType] = [
        .init(
            "boots", ["Footwear", "Boots", "Walking boots"], "For the mountains and the moor.",
            [
                .init("leather", .sturdy, .all, 260, "Stitched sole that can be replaced."),
                .init("polyester", .standard, .summer, 95, "Waterproof lining; comfortable from the first day."),
                .init("leather", .sturdy, .winter, 320, "Stiff, insulated, take crampons."),
                .init("rubber", .sturdy, .all, 85, "To the knee, for bank and bog."),
            ]),
        .init(
            "trail shoes", ["Footwear", "Shoes", "Trail shoes"], "For paths.",
            [
                .init("mesh", .ultralight, .summer, 140, "Deep lugs, rock plate, two hundred and forty grams."),
                .init("mesh", .light, .threeSeason, 130, "Wide toes, for weeks on end."),
                .init("polyester", .standard, .summer, 65, "For walks and for town."),
            ]),
        .init(
            "sandals", ["Footwear", "Shoes", "Sandals"], "For camp and crossing streams.",
            [
                .init("rubber", .light, .summer, 55, "Drain well and grip wet rock."),
                .init("closed-cell foam", .ultralight, .threeSeason, 25, "Camp shoes of ninety grams."),
                .init("leather", .standard, .summer, 70, "A cork bed."),
            ]),
        .init(
            "gaiters", ["Footwear", "Accessories", "Gaiters"], "Keep stones and snow out of shoes.",
            [
                .init("ripstop nylon", .ultralight, .threeSeason, 26, "Ankle high, for trail shoes."),
                .init("coated polyester", .sturdy, .winter, 60, "To the knee, for deep snow."),
                .init("waxed cotton", .sturdy, .all, 55, "For heather and bramble."),
            ]),
    ]
}
