/// A node as far as it could be read.
struct NodeDraft {
    let id: String
    let kind: NodeKind
    /// The place of the id in the file.
    let mark: SourceMark
    /// `nil` if the node's type is not known.
    var schema: NodeSchema?
    var inputs: [NodeReference] = []
    /// Whether the faults of the inputs have been reported.
    var hasFaultyInputs = false
    var fields = ReadFields()
}

/// Reads the nodes of a section.
struct NodeReader {
    let reader: FieldReader
    let schemas: [NodeSchema]

    /// Reads one node; faults go to the findings and leave gaps in the draft.
    func draft(_ entry: MarkedEntry, kind: NodeKind, into findings: inout Findings) -> NodeDraft {
        var draft = NodeDraft(id: entry.name, kind: kind, mark: entry.mark)
        if !Names.isName(entry.name) {
            findings.add(
                .badName, at: entry.mark, "\(entry.name.quoted) cannot name a node", help: "names are \(Names.form)")
        }
        let name = entry.name.quoted
        guard let entries = entry.value.entries else {
            findings.add(
                .wrongType, at: entry.value.mark, "\(name) must be a mapping of fields\(entry.value.contrast)")
            draft.hasFaultyInputs = true
            return draft
        }
        inputs(entries.first { $0.name == "inputs" }, of: &draft, into: &findings)
        guard let candidates = candidates(entries, for: draft, into: &findings) else { return draft }
        guard let schema = variant(of: candidates, entries, for: draft, into: &findings) else { return draft }
        draft.schema = schema
        var others = ["type"]
        // A misspelt `inputs` is not also reported as missing.
        if kind != .source { others.append("inputs") }
        if let variant = schema.variant { others.append(variant.field) }
        let known = entries.filter { kind != .source || $0.name != "inputs" }
        draft.fields = reader.read(
            known, by: schema.fields, others: others, owner: FieldOwner(name: name, mark: entry.mark), into: &findings)
        if let variant = schema.variant {
            draft.fields.values[variant.field] = .text(variant.value)
            draft.fields.marks[variant.field] = entries.first { $0.name == variant.field }.map { [$0.value.mark] }
        }
        draft.fields.marks["inputs"] = entries.first { $0.name == "inputs" }.map { [$0.value.mark] }
        return draft
    }

    /// The schemas of the node's type; `nil` if there are none.
    private func candidates(
        _ entries: [MarkedEntry], for draft: NodeDraft, into findings: inout Findings
    ) -> [NodeSchema]? {
        let types = schemas.filter { $0.kind == draft.kind }.map(\.type).distinct
        guard let entry = entries.first(where: { $0.name == "type" }) else {
            findings.add(
                .missingField, at: draft.mark, "\(draft.id.quoted) has no `type`",
                help: NearestName.help("", among: types))
            return nil
        }
        guard let scalar = entry.value.scalar, !scalar.isNothing else {
            findings.add(
                .wrongType, at: entry.value.mark,
                "`type` of \(draft.id.quoted) must be a text\(entry.value.contrast)")
            return nil
        }
        let candidates = schemas.filter { $0.kind == draft.kind && $0.type == scalar.text }
        if !candidates.isEmpty { return candidates }
        let elsewhere = schemas.first { $0.type == scalar.text }
        findings.add(
            .unknownType, at: entry.value.mark, "there is no \(draft.kind.noun) of type \(scalar.shown)",
            help: elsewhere.map { "`\($0.type)` is a \($0.kind.noun): it stands under `\($0.kind.rawValue):`" }
                ?? NearestName.help(scalar.text, among: types))
        return nil
    }

    /// The schema that the node's own fields select among those of its type.
    private func variant(
        of candidates: [NodeSchema], _ entries: [MarkedEntry], for draft: NodeDraft, into findings: inout Findings
    ) -> NodeSchema? {
        let fields = candidates.compactMap { $0.variant?.field }.distinct
        for field in fields {
            guard let entry = entries.first(where: { $0.name == field }) else { continue }
            let selected = candidates.filter { $0.variant?.field == field }
            let words = selected.compactMap { $0.variant?.value }.distinct
            let subject = "`\(field)` of \(draft.id.quoted)"
            guard
                let word = reader.value(of: entry.value, as: .word(words), subject: subject, into: &findings)?.text
            else { return nil }
            return selected.first { $0.variant?.value == word }
        }
        if let plain = candidates.first(where: { $0.variant == nil }) { return plain }
        let words = candidates.compactMap { $0.variant?.value }.distinct
        let meant = entries.lazy.compactMap { NearestName.find($0.name, among: fields) }.first
        findings.add(
            .missingField, at: draft.mark, "\(draft.id.quoted) has no `\(fields.first ?? "")`",
            help: meant.map { "did you mean `\($0)`?" }
                ?? "`\(fields.first ?? "")` must be \(FieldType.word(words).expectation)")
        return nil
    }

    private func inputs(_ entry: MarkedEntry?, of draft: inout NodeDraft, into findings: inout Findings) {
        guard let entry else { return }
        if draft.kind == .source {
            findings.add(.tooManyInputs, at: entry.mark, "\(draft.id.quoted) is a source, which takes no inputs")
            return
        }
        var elements: [MarkedTree] = []
        if case .list(let given) = entry.value.content {
            elements = given
        } else if !entry.value.isNothing {
            draft.hasFaultyInputs = true
            let scalar = entry.value.scalar
            findings.add(
                .wrongType, at: entry.value.mark,
                "`inputs` of \(draft.id.quoted) must be a list\(entry.value.contrast)",
                help: scalar.map { "write `inputs: [\($0.written.clipped)]`" })
            // Taken for a list of one, so that the node it names does not seem unread.
            if scalar != nil { elements = [entry.value] }
        }
        for element in elements {
            guard let scalar = element.scalar, !scalar.isNothing else {
                draft.hasFaultyInputs = true
                findings.add(
                    .wrongType, at: element.mark,
                    "an input of \(draft.id.quoted) must be the name of a node\(element.contrast)")
                continue
            }
            let node = scalar.text.prefix { $0 != "." }
            let port = node.endIndex < scalar.text.endIndex ? scalar.text[node.endIndex...].dropFirst() : nil
            draft.inputs.append(
                NodeReference(node: String(node), port: port.map(String.init), mark: element.mark, shown: scalar.shown))
        }
    }
}

extension NodeKind {
    /// One of the kind.
    var noun: String {
        switch self {
        case .source: "source"
        case .stage: "stage"
        case .sink: "sink"
        }
    }
}

extension Array where Element: Hashable {
    /// The elements without repeats, in the order of their first occurrence.
    var distinct: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
