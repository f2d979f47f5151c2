extension FieldReader {
    /// Reads a selection of latents.
    func latents(of tree: MarkedTree, subject: String, into findings: inout Findings) -> LatentSelection? {
        switch tree.content {
        case .scalar(let scalar):
            if scalar.text == "all" { return .all }
            if let range = Self.range(scalar.text) { return .range(range) }
        case .list(let elements) where !elements.isEmpty:
            let type = FieldType.list(.integer(0...Int.max))
            guard case .list(let values) = value(of: tree, as: type, subject: subject, into: &findings) else {
                return nil
            }
            return .list(values.compactMap { if case .integer(let latent) = $0 { latent } else { nil } })
        case .mapping(let entries):
            if entries.contains(where: { $0.name == "firing" }) {
                return firing(entries, at: tree.mark, subject: subject, into: &findings)
            }
            return sample(entries, at: tree.mark, subject: subject, into: &findings)
        case .list, .secret: break
        }
        findings.add(
            .badLatents, at: tree.mark, "\(subject) must be \(FieldType.latents.expectation)\(tree.contrast)")
        return nil
    }

    /// Reads `a..b`, `b` not included.
    private static func range(_ text: String) -> Range<Int>? {
        let ends = text.split(separator: "..", omittingEmptySubsequences: false)
        guard ends.count == 2, case .value(let low) = Numerals.whole(ends[0]),
            case .value(let high) = Numerals.whole(ends[1]), low >= 0, low < high
        else { return nil }
        return low..<high
    }

    private func firing(
        _ entries: [MarkedEntry], at mark: SourceMark, subject: String, into findings: inout Findings
    ) -> LatentSelection? {
        let fields = read(
            entries,
            by: [.required("firing", .integer(1...Int.max), "How many latents, those of the largest firing mass.")],
            others: [], owner: FieldOwner(name: subject, mark: mark), into: &findings)
        guard case .integer(let count) = fields.values["firing"] else { return nil }
        return .firing(count: count)
    }

    private func sample(
        _ entries: [MarkedEntry], at mark: SourceMark, subject: String, into findings: inout Findings
    ) -> LatentSelection? {
        let fields = read(
            entries,
            by: [
                .required("sample", .integer(1...Int.max), "How many latents are drawn."),
                .optional("seed", .integer(0...Int.max), default: "0", "The seed of the draw."),
            ],
            others: [], owner: FieldOwner(name: subject, mark: mark), into: &findings)
        guard case .integer(let count) = fields.values["sample"], case .integer(let seed) = fields.values["seed"] else {
            return nil
        }
        return .sample(count: count, seed: UInt64(seed))
    }
}
