/// A piece of HTML in which every text has been escaped.
///
/// Escaping goes by scalars: by characters a quotation mark with a combining mark after it would be another character, stay
/// as it is, and end the attribute that it stands in.
package struct Markup: Sendable, Hashable {
    /// The HTML.
    package private(set) var html: String

    private init(html: String) { self.html = html }

    /// Nothing.
    package static let nothing = Markup(html: "")

    /// A text, escaped.
    package static func text(_ text: String) -> Markup { Markup(html: escaped(text)) }

    /// Elements that have no content and no closing tag.
    private static let void: Set<String> = ["br", "hr", "input", "link", "meta"]

    /// An element; an attribute without a value is left out.
    package static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String?> = [:],
        @MarkupBuilder _ content: () -> Markup = { .nothing }
    ) -> Markup {
        var html = "<\(name)"
        for (attribute, value) in attributes {
            guard let value else { continue }
            html += " \(attribute)=\"\(escaped(value))\""
        }
        html += ">"
        guard !void.contains(name) else { return Markup(html: html) }
        return Markup(html: html + content().html + "</\(name)>")
    }

    /// A whole document.
    static func document(@MarkupBuilder _ content: () -> Markup) -> String {
        "<!doctype html>\n" + element("html", ["lang": "en"], content).html + "\n"
    }

    /// A row of a table's headings.
    static func headings(_ names: [String]) -> Markup {
        element("tr") { names.map { name in element("th", ["scope": "col"]) { name } } }
    }

    /// Pieces one after the other.
    static func joined(_ pieces: some Sequence<Markup>) -> Markup {
        Markup(html: pieces.reduce(into: "") { $0 += $1.html })
    }

    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            // A parser takes it for U+FFFD and says that it is an error.
            case "\0": result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}

/// Puts pieces of HTML together; a string is a text.
@resultBuilder
package enum MarkupBuilder {
    package static func buildExpression(_ piece: Markup) -> Markup { piece }
    package static func buildExpression(_ text: String) -> Markup { .text(text) }
    package static func buildExpression(_ pieces: [Markup]) -> Markup { .joined(pieces) }
    package static func buildBlock(_ pieces: Markup...) -> Markup { .joined(pieces) }
    package static func buildOptional(_ piece: Markup?) -> Markup { piece ?? .nothing }
    package static func buildEither(first piece: Markup) -> Markup { piece }
    package static func buildEither(second piece: Markup) -> Markup { piece }
    package static func buildArray(_ pieces: [Markup]) -> Markup { .joined(pieces) }
}
