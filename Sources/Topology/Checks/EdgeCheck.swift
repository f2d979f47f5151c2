/// Checks the edges between nodes.
struct EdgeCheck {
    private let drafts: [NodeDraft]
    private let indices: [String: Int]

    init(drafts: [NodeDraft]) {
        self.drafts = drafts
        indices = NodeOrder.indices(of: drafts)
    }

    /// Checks ids, inputs, types and outputs; faults go to the findings.
    func run(into findings: inout Findings) {
        // Indices of nodes whose main output is read.
        var read: Set<Int> = []
        for (index, draft) in drafts.enumerated() {
            if let first = indices[draft.id], first != index {
                findings.add(
                    .duplicateNode, at: draft.mark,
                    "the node \(draft.id.quoted) is first defined at line \(drafts[first].mark.line)",
                    help: "names are shared by sources, stages and sinks: give one of the two another")
                read.insert(index)
            }
            checkCount(draft, into: &findings)
            var seen: Set<[String]> = []
            for input in draft.inputs {
                guard seen.insert([input.node, input.port ?? ""]).inserted else {
                    findings.add(.duplicateInput, at: input.mark, "\(draft.id.quoted) names this input twice")
                    continue
                }
                check(input, of: draft, read: &read, into: &findings)
            }
        }
        for (index, draft) in drafts.enumerated() where !read.contains(index) {
            // Scores are kept in the state whether they are read or not.
            guard let output = draft.schema?.output, output != .scores, Names.isName(draft.id) else { continue }
            findings.add(
                .unreadOutput, at: draft.mark, "nobody reads the \(output) that \(draft.id.quoted) gives",
                help: "name \(draft.id.quoted) among the inputs of another node, or take it out")
        }
    }

    private func checkCount(_ draft: NodeDraft, into findings: inout Findings) {
        guard draft.kind != .source else { return }
        if draft.inputs.isEmpty, !draft.hasFaultyInputs {
            findings.add(
                .noInputs, at: draft.mark, "\(draft.id.quoted) has no inputs",
                help: draft.schema.map { "it takes \($0.inputs.phrase): write `inputs: [NAME]`" })
        }
        guard let schema = draft.schema, draft.inputs.count > max(0, schema.maximumInputs) else { return }
        let most = max(0, schema.maximumInputs)
        findings.add(
            .tooManyInputs, at: draft.inputs[most].mark,
            "\(draft.id.quoted) (`\(schema.type)`) takes at most \(most) input\(most == 1 ? "" : "s"), not \(draft.inputs.count)"
        )
    }

    private func check(
        _ input: NodeReference, of draft: NodeDraft, read: inout Set<Int>, into findings: inout Findings
    ) {
        guard let index = indices[input.node] else {
            // A node with a forbidden name has been reported already.
            if let port = input.port, indices["\(input.node).\(port)"] != nil { return }
            let candidates = drafts.filter { $0.kind != .sink && $0.id != draft.id && Names.isName($0.id) }.map(\.id)
            findings.add(
                .unknownInput, at: input.mark, "\(draft.id.quoted) reads \(input.shown), but there is no such node",
                help: NearestName.help(input.node, among: candidates))
            // The node that was meant is not also reported as unread.
            if let meant = NearestName.find(input.node, among: candidates).flatMap({ indices[$0] }) {
                read.insert(meant)
            }
            return
        }
        let producer = drafts[index]
        if input.port == nil { read.insert(index) }
        guard let output = producer.schema else { return }
        var given = output.output
        if let port = input.port {
            guard let type = output.ports[port] else {
                read.insert(index)
                findings.add(
                    .unknownPort, at: input.mark,
                    "\(draft.id.quoted) reads \(input.shown), but `\(output.type)` has no such port",
                    help: NearestName.help(port, among: output.ports.keys.sorted())
                        ?? "read \(producer.id.quoted) itself")
                return
            }
            given = type
        }
        guard let given else {
            findings.add(
                .noOutput, at: input.mark,
                "\(draft.id.quoted) reads \(producer.id.quoted), which is a sink and gives nothing"
            )
            return
        }
        guard let schema = draft.schema, !schema.inputs.contains(given) else { return }
        findings.add(
            .typeMismatch, at: input.mark,
            "\(input.shown) (`\(output.type)`) gives \(given), but \(draft.id.quoted) (`\(schema.type)`) takes \(schema.inputs.phrase)",
            help: suitable(for: schema, but: draft.id))
    }

    private func suitable(for schema: NodeSchema, but id: String) -> String? {
        let names = drafts.filter { $0.id != id }.flatMap { draft in
            let ports = (draft.schema?.ports ?? [:]).filter { schema.inputs.contains($0.value) }.keys.sorted()
            let main = draft.schema?.output.map { schema.inputs.contains($0) } ?? false
            return (main ? [draft.id] : []) + ports.map { "\(draft.id).\($0)" }
        }
        guard !names.isEmpty, names.count <= 8 else { return nil }
        return "it could read " + names.map { "`\($0)`" }.joined(separator: ", ")
    }
}

extension Array where Element == EdgeType {
    /// The types in words, joined by "or".
    var phrase: String {
        isEmpty ? "nothing" : map(\.description).joined(separator: " or ")
    }
}
