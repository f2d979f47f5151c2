/// The name of a metric family in the form that Prometheus takes.
enum MetricName {
    /// The name with everything but letters, digits, `_` and `:` replaced by `_`.
    static func sanitized(_ label: String) -> String {
        let name = String(label.unicodeScalars.map { isAllowed($0) || $0 == ":" ? Character($0) : "_" })
        return name.first.map(\.isNumber) ?? true ? "_" + name : name
    }

    /// The name of a counter: it ends in `_total`.
    static func counter(_ label: String) -> String { suffixed(label, "_total") }

    /// The name of a timer: it ends in `_seconds`.
    static func timer(_ label: String) -> String { suffixed(label, "_seconds") }

    private static func suffixed(_ label: String, _ suffix: String) -> String {
        let name = sanitized(label)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    fileprivate static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}

/// The labels of one series, as text: `a="1",b="2"`, sorted by name, values escaped.
struct LabelSet: Hashable, Comparable {
    let text: String

    /// Makes a set of dimensions; of two with the same name the first counts.
    init(_ dimensions: [(String, String)]) {
        var labels: [String: String] = [:]
        for (name, value) in dimensions {
            let name = LabelSet.labelName(name)
            if labels[name] == nil { labels[name] = value }
        }
        text = labels.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(PrometheusText.escaped($0.value, inQuotes: true))\"" }
            .joined(separator: ",")
    }

    static func < (left: LabelSet, right: LabelSet) -> Bool { left.text < right.text }

    /// The labels in braces, with a further label if one is given; empty if there is none.
    func braced(with further: String? = nil) -> String {
        let labels = [text, further ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
        return labels.isEmpty ? "" : "{\(labels)}"
    }

    private static func labelName(_ name: String) -> String {
        let clean = String(name.unicodeScalars.map { MetricName.isAllowed($0) ? Character($0) : "_" })
        // Names that start with two underscores and the bucket's bound are Prometheus' own.
        if clean.hasPrefix("__") || clean == "le" || clean == "quantile" { return "exported_" + clean }
        return clean.first.map(\.isNumber) ?? true ? "_" + clean : clean
    }
}
