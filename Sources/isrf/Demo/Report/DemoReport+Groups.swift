internal import ISRFKit

extension DemoReport {
    /// The groups found beside the groups planted.
    var groups: Markup {
        let layout = UserGraphLayout(run.recommender.userGraph, seed: run.recommender.configuration.seed)
        let planted = UserGraphDrawing(
            title: "Users by planted group", layout: layout, colours: run.shop.plantedGroups,
            legend: Legend(entries: run.shop.plantedNames.enumerated().map { ($0.element, $0.offset) }))
        let found = UserGraphDrawing(
            title: "The same users by found group", layout: layout,
            colours: run.division.groups.map { foundColours[$0] },
            legend: Legend(entries: foundColours.enumerated().map { ("group \($0.offset + 1)", $0.element) }))
        return """
            <p>\(run.foundGroups.count) groups were found in the user graph, by modularity and without being told how many \
            there are; \(run.shop.plantedNames.count) were planted. The adjusted Rand index is \
            <strong>\(decimal(run.agreement.value, digits: 3))</strong>, where 1 is the same division and 0 is chance. In the \
            graph of the reasoned texts alone, from which training starts, it is \
            \(decimal(run.agreementBeforeTraining.value, digits: 3)): the rest is what the rounds of training added.</p>
            <p class="small">Each dot is a user, each line joins two similar users; springs along the lines place the \
            dots, and no group has a part in it.</p>
            <div class="columns">\(planted.markup)\(found.markup)</div>\(groupTable)
            """
    }

    /// A found group has the colour of the planted group that it mostly is; when two would, the greater one has it.
    var foundColours: [Int] {
        var free = Array(run.shop.plantedNames.count..<max(ReportStyle.colourCount, run.shop.plantedNames.count))
        var used: Set<Int> = []
        return run.foundGroups.map { group in
            let own = group.mostlyPlanted
            if used.insert(own).inserted { return own }
            return free.isEmpty ? ReportStyle.colourCount - 1 : free.removeFirst()
        }
    }

    private var groupTable: Markup {
        let header = run.shop.plantedNames.map { name -> Markup in "<th class=\"found\">\(name)</th>" }
        let rows = run.foundGroups.enumerated().map { number, group -> Markup in
            let cells = group.plantedCounts.enumerated().map { place, count -> Markup in
                "<td class=\"\(place == group.mostlyPlanted ? "main" : "other")\">\(count)</td>"
            }
            return """
                <tr><td>group \(number + 1)</td>\(cells)\
                <td class="text found">\(group.typical.joined(separator: ", "))</td></tr>
                """
        }
        return """
            <div class="scroll"><table><thead><tr><th>Found</th>\(header)<th class="text">Typical of its purchases</th></tr>\
            </thead><tbody>\(rows)</tbody></table></div>
            """
    }
}
