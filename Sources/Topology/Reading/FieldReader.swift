/// The owner of a mapping of fields, for messages.
struct FieldOwner {
    /// Its name in backticks, such as `` `tokens` ``.
    let name: String
    /// Its place in the file.
    let mark: SourceMark
    /// The code for a key it does not have.
    var unknown = DiagnosticCode.unknownField
    /// The code for a key it must have.
    var missing = DiagnosticCode.missingField
}

/// The fields of one mapping, read by their types.
struct ReadFields {
    var values: [String: FieldValue] = [:]
    /// By field: the place of its value, then those of its elements if it is a list.
    var marks: [String: [SourceMark]] = [:]
}

/// Reads fields by their schemas.
struct FieldReader {
    let environment: [String: String]
    let reservedSetting: @Sendable (String) -> String?
    var hookpointHelp: @Sendable (String) -> String? = { _ in nil }
    /// The names of the entries under `models:`, faulty ones among them.
    var modelNames: [String] = []

    /// Reads the fields of a mapping and fills in defaults; `others` are keys that are read elsewhere.
    func read(
        _ entries: [MarkedEntry], by schemas: [FieldSchema], others: [String], owner: FieldOwner,
        into findings: inout Findings
    ) -> ReadFields {
        var fields = ReadFields()
        var given: Set<String> = []
        for entry in entries where !others.contains(entry.name) {
            guard let schema = schemas.first(where: { $0.name == entry.name }) else {
                let names = others + schemas.map(\.name)
                findings.add(
                    owner.unknown, at: entry.mark, "\(owner.name) has no field \(entry.name.quoted)",
                    help: NearestName.help(entry.name, among: names))
                // A misspelt field is not also reported as missing.
                if let meant = NearestName.find(entry.name, among: names) { given.insert(meant) }
                continue
            }
            given.insert(entry.name)
            let subject = "`\(schema.name)` of \(owner.name)"
            fields.marks[schema.name] = [entry.value.mark]
            if case .list(let elements) = entry.value.content { fields.marks[schema.name]? += elements.map(\.mark) }
            if schema.isRequired, case .list(let elements) = entry.value.content, elements.isEmpty {
                findings.add(.outOfRange, at: entry.value.mark, "\(subject) must not be an empty list")
                continue
            }
            fields.values[schema.name] = value(of: entry.value, as: schema.type, subject: subject, into: &findings)
        }
        for schema in schemas where !given.contains(schema.name) {
            if schema.isRequired {
                findings.add(
                    owner.missing, at: owner.mark, "\(owner.name) has no `\(schema.name)`",
                    help: "`\(schema.name)` must be \(schema.type.expectation)")
            } else if let text = schema.defaultValue {
                fields.values[schema.name] = defaultValue(text, of: schema, owner: owner, into: &findings)
            }
        }
        return fields
    }

    private func defaultValue(
        _ text: String, of schema: FieldSchema, owner: FieldOwner, into findings: inout Findings
    ) -> FieldValue? {
        var faults = Findings(file: findings.file)
        let tree = DocumentParser(environment: nil).parse(text, into: &faults)
        let value = tree.flatMap { self.value(of: $0, as: schema.type, subject: "the default", into: &faults) }
        if let fault = faults.diagnostics.first {
            findings.add(
                .badDefault, at: owner.mark,
                "the default of `\(schema.name)` of \(owner.name) cannot be read: \(fault.message)",
                help: "give `\(schema.name)` a value, and report this as a fault of Gloss")
        }
        return value
    }

    /// Reads a value by its type; `nil` if it can't be read, and the reason is added to the findings.
    func value(
        of tree: MarkedTree, as type: FieldType, subject: String, into findings: inout Findings
    ) -> FieldValue? {
        switch type {
        case .settings:
            return settings(of: tree, subject: subject, into: &findings)
        case .members:
            return members(of: tree, subject: subject, into: &findings)
        case .latents:
            return latents(of: tree, subject: subject, into: &findings).map { .latents($0) }
        case .list(let elementType):
            guard case .list(let elements) = tree.content else {
                return wrongType(tree, type, subject, into: &findings)
            }
            var values: [FieldValue] = []
            for (index, element) in elements.enumerated() {
                let name = "element \(index + 1) of \(subject)"
                if let value = value(of: element, as: elementType, subject: name, into: &findings) {
                    values.append(value)
                }
            }
            return values.count == elements.count ? .list(values) : nil
        default:
            guard let scalar = tree.scalar, !scalar.isNothing else {
                return wrongType(tree, type, subject, into: &findings)
            }
            return ScalarReader(
                tree: tree, scalar: scalar, type: type, subject: subject, hookpointHelp: hookpointHelp
            )
            .read(modelNames: modelNames, into: &findings)
        }
    }

    private func wrongType(
        _ tree: MarkedTree, _ type: FieldType, _ subject: String, into findings: inout Findings
    ) -> FieldValue? {
        if case .secret = tree.content {
            findings.add(.secretNotTaken, at: tree.mark, "\(subject) takes no secret")
            return nil
        }
        var help: String?
        if case .list = type, let scalar = tree.scalar, !scalar.isNothing {
            help = scalar.style == .expanded ? "write it in brackets" : "write `[\(scalar.text.clipped)]`"
        }
        findings.add(
            .wrongType, at: tree.mark, "\(subject) must be \(type.expectation)\(tree.contrast)", help: help)
        return nil
    }
}
