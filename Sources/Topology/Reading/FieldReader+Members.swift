import Foundation

extension FieldReader {
    /// Reads a mapping as members of a JSON object.
    ///
    /// Values without quotes are numbers in JSON's form, `true`, `false` or `null`, or else texts; values in quotes are texts. A secret
    /// is refused, since a request's body is no place for one.
    func members(of tree: MarkedTree, subject: String, into findings: inout Findings) -> FieldValue? {
        guard case .mapping(let entries) = tree.content else {
            findings.add(
                .wrongType, at: tree.mark, "\(subject) must be \(FieldType.members.expectation)\(tree.contrast)")
            return nil
        }
        var members: [String: String] = [:]
        for entry in entries {
            guard let text = json(entry.value, subject: "`\(entry.name.clipped)` in \(subject)", into: &findings) else {
                return nil
            }
            members[entry.name] = text
        }
        return .members(members)
    }

    private func json(_ tree: MarkedTree, subject: String, into findings: inout Findings) -> String? {
        switch tree.content {
        case .secret:
            findings.add(.secretNotTaken, at: tree.mark, "\(subject) takes no secret")
            return nil
        case .scalar(let scalar): return Self.json(scalar)
        case .list(let elements):
            let texts = elements.compactMap { json($0, subject: subject, into: &findings) }
            return texts.count == elements.count ? "[\(texts.joined(separator: ","))]" : nil
        case .mapping(let entries):
            let sorted = entries.sorted { $0.name < $1.name }
            let texts = sorted.compactMap { entry in
                json(entry.value, subject: subject, into: &findings).map { Self.quoted(entry.name) + ":" + $0 }
            }
            return texts.count == entries.count ? "{\(texts.joined(separator: ","))}" : nil
        }
    }

    private static func json(_ scalar: MarkedScalar) -> String {
        if scalar.isNothing { return "null" }
        let isLiteral = scalar.text == "true" || scalar.text == "false" || isNumber(scalar.text)
        return scalar.style != .quoted && isLiteral ? scalar.text : quoted(scalar.text)
    }

    private static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+\-]?[0-9]{1,3})?/) != nil
    }

    private static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Encoding a text cannot fail: it is Unicode.
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
