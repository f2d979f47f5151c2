/// Reads one text of the file by the type its field has.
struct ScalarReader {
    let tree: MarkedTree
    let scalar: MarkedScalar
    let type: FieldType
    let subject: String
    /// What is said of a place that is not written like a hookpoint; `nil` for nothing.
    let hookpointHelp: @Sendable (String) -> String?

    /// The value; `nil` if the text is not of the type, and the reason is added to the findings.
    func read(modelNames: [String], into findings: inout Findings) -> FieldValue? {
        let text = scalar.text
        switch type {
        case .string:
            return .text(text)
        case .path:
            return !text.isEmpty && !text.utf8.contains(0) ? .text(text) : refuse(.wrongType, into: &findings)
        case .word(let words):
            if words.contains(text) { return .text(text) }
            let nearest = NearestName.find(text, among: words)
            return refuse(.unknownWord, help: nearest.map { "did you mean `\($0)`?" }, into: &findings)
        case .model:
            if modelNames.contains(text) { return .text(text) }
            findings.add(
                .unknownModel, at: tree.mark, "\(subject) names the model \(scalar.shown), which is not declared",
                help: NearestName.help(text, among: modelNames) ?? "declare it under `models:`")
            return nil
        case .hookpoint:
            if Names.isHookpoint(text) { return .text(Names.hookpoint(text)) }
            return refuse(.badHookpoint, help: hookpointHelp(text), into: &findings)
        case .duration:
            if let value = Numerals.quantity(text, units: Numerals.durations), value > 0 { return .milliseconds(value) }
            let lacksUnit = if case .value = Numerals.whole(text) { true } else { false }
            return refuse(.badDuration, help: lacksUnit ? "a duration needs its unit" : nil, into: &findings)
        case .bytes:
            if let value = Numerals.quantity(text, units: Numerals.sizes), value > 0 { return .bytes(value) }
            return refuse(.badSize, into: &findings)
        case .boolean, .integer, .number:
            return literal(into: &findings)
        case .list, .settings, .members, .latents:
            return refuse(.wrongType, into: &findings)
        }
    }

    /// Reads a value that must be written without quotes.
    private func literal(into findings: inout Findings) -> FieldValue? {
        guard let value = literalValue else { return refuse(.wrongType, into: &findings) }
        guard scalar.style != .quoted else {
            return refuse(.wrongType, help: "leave the quotes out", into: &findings)
        }
        return isInRange(value) ? value : refuse(.outOfRange, into: &findings)
    }

    private var literalValue: FieldValue? {
        switch type {
        case .boolean: ["true": .boolean(true), "false": .boolean(false)][scalar.text]
        case .integer:
            switch Numerals.whole(scalar.text) {
            case .value(let value): .integer(value)
            case .tooLarge: .integer(scalar.text.hasPrefix("-") ? .min : .max)
            case .notWhole: nil
            }
        case .number: Numerals.decimal(scalar.text).map { .number($0) }
        default: nil
        }
    }

    private func isInRange(_ value: FieldValue) -> Bool {
        switch (type, value) {
        case (.integer(let range), .integer(let value)):
            range.contains(value) && Numerals.whole(scalar.text) != .tooLarge
        case (.number(let range), .number(let value)): range.contains(value)
        default: true
        }
    }

    private func refuse(_ code: DiagnosticCode, help: String? = nil, into findings: inout Findings) -> FieldValue? {
        findings.add(
            code, at: tree.mark, "\(subject) must be \(type.expectation)\(tree.contrast)", help: help)
        return nil
    }
}
