/// Reads the settings in the file besides models and nodes.
struct HeaderReader {
    let reader: FieldReader

    /// The keys of a topology file.
    static let keys = ["version", "name", "state", "http", "budget", "shuffle", "models", "sources", "stages", "sinks"]

    /// The version of the file's form that is read.
    static let version = 1

    static let stateFields: [FieldSchema] = [
        .optional("directory", .path, "Where state is kept; `./state/` and the topology's name where it is not given."),
        .optional("checkpoint", .duration, default: "10s", "The time between checkpoints."),
        .optional(
            "memory", .bytes, default: "4GiB", "The budget that evidence, explaining and scoring are kept within."),
    ]

    static let budgetFields: [FieldSchema] = [
        .optional("tokens", .integer(0...Int.max), "The most tokens sent to servers and answered by them."),
        .optional(
            "cost", .number(0...1e12), "The most that servers may cost, in the currency of the models' prices."),
    ]

    /// Reads the header; if it is faulty, the reason is added to the findings and the result is not usable.
    func header(_ entries: [MarkedEntry], root: SourceMark, into findings: inout Findings) -> TopologyHeader {
        for entry in entries where !Self.keys.contains(entry.name) {
            findings.add(
                .unknownKey, at: entry.mark, "a topology has no key \(entry.name.quoted)",
                help: NearestName.help(entry.name, among: Self.keys))
        }
        func find(_ key: String) -> MarkedEntry? { entries.first { $0.name == key } }
        let version = version(find("version"), root: root, into: &findings)
        let name = name(find("name"), root: root, into: &findings)
        let state = state(find("state"), name: name, root: root, into: &findings)
        return TopologyHeader(
            version: version, name: name, nameMark: find("name")?.value.mark ?? root, state: state,
            http: find("http").flatMap { http($0, into: &findings) },
            budget: find("budget").flatMap { budget($0, into: &findings) },
            shuffle: find("shuffle").flatMap { shuffle($0, into: &findings) }, marks: Self.marks(of: entries))
    }

    /// The places of the sections, and of what stands in those that are no nodes or models.
    private static func marks(of entries: [MarkedEntry]) -> [String: SourceMark] {
        var marks: [String: SourceMark] = [:]
        for entry in entries {
            guard NodeKind(rawValue: entry.name) == nil, entry.name != "models" else {
                marks[entry.name] = entry.mark
                continue
            }
            marks[entry.name] = entry.value.mark
            for inner in entry.value.entries ?? [] { marks["\(entry.name).\(inner.name)"] = inner.value.mark }
        }
        return marks
    }

    private func budget(_ entry: MarkedEntry, into findings: inout Findings) -> Budget? {
        guard let entries = entry.value.entries else {
            findings.add(
                .wrongType, at: entry.value.mark,
                "`budget` must be a mapping such as `{ tokens: 50000000, cost: 20 }`\(entry.value.contrast)")
            return nil
        }
        let owner = FieldOwner(name: "`budget`", mark: entry.mark, unknown: .unknownKey, missing: .missingKey)
        let fields = reader.read(entries, by: Self.budgetFields, others: [], owner: owner, into: &findings)
        var (tokens, cost): (Int?, Double?)
        if case .integer(let value) = fields.values["tokens"] { tokens = value }
        if case .number(let value) = fields.values["cost"] { cost = value }
        return Budget(tokens: tokens, cost: cost)
    }

    private func version(_ entry: MarkedEntry?, root: SourceMark, into findings: inout Findings) -> Int {
        guard let entry else {
            findings.add(
                .missingKey, at: root, "the topology has no `version`", help: "write `version: \(Self.version)`")
            return Self.version
        }
        let value = reader.value(
            of: entry.value, as: .integer(Int.min...Int.max), subject: "`version`", into: &findings)
        guard case .integer(let version) = value, version != Self.version else { return Self.version }
        findings.add(
            .unsupportedVersion, at: entry.value.mark, "version \(version) of topology files is not supported",
            help: "this Gloss reads version \(Self.version)")
        return version
    }

    private func name(_ entry: MarkedEntry?, root: SourceMark, into findings: inout Findings) -> String {
        guard let entry else {
            findings.add(
                .missingKey, at: root, "the topology has no `name`", help: "names are \(Names.form)")
            return ""
        }
        let value = reader.value(of: entry.value, as: .string, subject: "`name`", into: &findings)
        guard let name = value?.text else { return "" }
        if !Names.isName(name) {
            findings.add(
                .badName, at: entry.value.mark, "\(entry.value.scalar?.shown ?? "this") cannot name a topology",
                help: "names are \(Names.form)")
        }
        return name
    }

    private func state(
        _ entry: MarkedEntry?, name: String, root: SourceMark, into findings: inout Findings
    ) -> StateSettings {
        let entries = entry?.value.entries
        if let entry, entries == nil {
            findings.add(
                .wrongType, at: entry.value.mark, "`state` must be a mapping of fields\(entry.value.contrast)")
        }
        let owner = FieldOwner(name: "`state`", mark: entry?.mark ?? root, unknown: .unknownKey, missing: .missingKey)
        let fields = reader.read(entries ?? [], by: Self.stateFields, others: [], owner: owner, into: &findings)
        var checkpoint = 0
        var memory = 0
        if case .milliseconds(let value) = fields.values["checkpoint"] { checkpoint = value }
        if case .bytes(let value) = fields.values["memory"] { memory = value }
        return StateSettings(
            directory: fields.values["directory"]?.text ?? "./state/\(name)", checkpointMilliseconds: checkpoint,
            memoryBytes: memory)
    }
}
