/// Reads and checks topology files.
public struct TopologyReader: Sendable {
    private let schemas: [NodeSchema]
    private let fields: FieldReader

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - schemas: The schemas of every node that a topology may have.
    ///   - environment: The variables for `${NAME}` and `!secret env:NAME`.
    ///   - reservedSetting: The reason why a setting under a field of free settings may not be given; `nil` if it may.
    ///   - hookpointHelp: What is said of a text that is not written like a hookpoint, such as the name that the place has
    ///     here; `nil` for nothing.
    public init(
        schemas: [NodeSchema], environment: [String: String],
        reservedSetting: @escaping @Sendable (String) -> String? = { _ in nil },
        hookpointHelp: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.schemas = schemas
        fields = FieldReader(
            environment: environment, reservedSetting: reservedSetting, hookpointHelp: hookpointHelp)
    }

    /// Reads the text of a file named `file`.
    ///
    /// Every fault is reported, in the order of the file; the topology is `nil` if and only if one is an error. No file
    /// system or network is touched.
    public func read(text: String, file: String) -> (topology: Topology?, diagnostics: [Diagnostic]) {
        var findings = Findings(file: file)
        let topology = topology(text, into: &findings)
        return (findings.hasErrors ? nil : topology, findings.inFileOrder)
    }

    private func topology(_ text: String, into findings: inout Findings) -> Topology? {
        guard let root = DocumentParser(environment: fields.environment).parse(text, into: &findings) else {
            return nil
        }
        guard let entries = root.entries, !root.isNothing else {
            if root.isNothing {
                findings.add(.emptyFile, at: root.mark, "the file is empty")
            } else {
                findings.add(.rootNotMapping, at: root.mark, "a topology must be a mapping\(root.contrast)")
            }
            return nil
        }
        let header = HeaderReader(reader: fields).header(entries, root: root.mark, into: &findings)
        var reader = fields
        let models = models(entries, names: &reader.modelNames, into: &findings)
        let drafts = drafts(entries, root: root.mark, reader: reader, into: &findings)
        EdgeCheck(drafts: drafts).run(into: &findings)
        let (order, cycles) = NodeOrder.order(of: drafts)
        for cycle in cycles { NodeOrder.report(cycle, of: drafts, into: &findings) }
        let nodes = drafts.compactMap { draft in
            draft.schema.map { schema in
                Node(
                    id: draft.id, kind: draft.kind, schema: schema, inputs: draft.inputs, mark: draft.mark,
                    fields: draft.fields.values, marks: draft.fields.marks)
            }
        }
        guard !findings.hasErrors, nodes.count == drafts.count else { return nil }
        return Topology(header: header, models: models, nodes: nodes, order: order)
    }

    private func models(
        _ entries: [MarkedEntry], names: inout [String], into findings: inout Findings
    ) -> [String: ModelEntry] {
        guard let section = entries.first(where: { $0.name == "models" }) else { return [:] }
        guard let entries = section.value.entries else {
            findings.add(
                .wrongType, at: section.value.mark,
                "`models` must be a mapping of names to models\(section.value.contrast)")
            return [:]
        }
        names = entries.map(\.name)
        let reader = ModelReader(reader: fields)
        var models: [String: ModelEntry] = [:]
        for entry in entries { models[entry.name] = reader.entry(entry, into: &findings) }
        return models
    }

    private func drafts(
        _ entries: [MarkedEntry], root: SourceMark, reader: FieldReader, into findings: inout Findings
    ) -> [NodeDraft] {
        let nodes = NodeReader(reader: reader, schemas: schemas)
        var drafts: [NodeDraft] = []
        for section in entries {
            guard let kind = NodeKind(rawValue: section.name) else { continue }
            guard let entries = section.value.entries else {
                findings.add(
                    .wrongType, at: section.value.mark,
                    "`\(kind.rawValue)` must be a mapping of names to nodes\(section.value.contrast)")
                continue
            }
            for entry in entries { drafts.append(nodes.draft(entry, kind: kind, into: &findings)) }
        }
        let sources = entries.first { $0.name == NodeKind.source.rawValue }
        if sources == nil || sources?.value.entries?.isEmpty == true {
            findings.add(
                .missingKey, at: sources?.mark ?? root, "the topology has no sources",
                help: "declare at least one under `sources:`")
        }
        return drafts
    }
}
