/// Finds the name that was probably meant.
enum NearestName {
    /// The most candidates that are compared; a file of thousands of faults must not take minutes.
    private static let mostCandidates = 500

    /// The candidate nearest to `name` by edits, ties going to the first; `nil` if none is near.
    ///
    /// At most a third of the letters may differ, and at most three.
    static func find(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        let limit = max(1, min(3, wanted.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(mostCandidates) where candidate != name {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard letters.count <= 64, abs(letters.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, letters)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// A help line with the nearest candidate, or with all of them if they are few and none is near.
    static func help(_ name: String, among candidates: [String]) -> String? {
        if let nearest = find(name, among: candidates) { return "did you mean `\(nearest)`?" }
        guard !candidates.isEmpty, candidates.count <= 24 else { return nil }
        return "known: " + candidates.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
    ///
    /// Source: Boytsov, "Indexing methods for approximate dictionary searching" (2011), section 2.1.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
                var least = min(previous[column + 1] + 1, current[column] + 1, replaced)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, beforePrevious[column - 1] + 1)
                }
                current.append(least)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
