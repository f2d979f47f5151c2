/// A page of metrics, read by the rules of Prometheus' text format 0.0.4 and nothing else.
///
/// Source: Prometheus documentation, "Exposition formats".
package struct PrometheusPage {
    package enum Kind: String { case counter, gauge, histogram }

    package struct Sample {
        package let name: String
        package let labels: [String: String]
        package let value: Double
    }

    package struct Family {
        package let name: String
        package let kind: Kind
        package let help: String?
        package var samples: [Sample] = []

        /// The value of the series with these labels.
        package func value(_ labels: [String: String] = [:], suffix: String = "") -> Double? {
            samples.first { $0.name == name + suffix && $0.labels == labels }?.value
        }
    }

    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package private(set) var families: [Family] = []

    package subscript(name: String) -> Family? { families.first { $0.name == name } }

    /// Reads a page.
    ///
    /// - Throws: `Fault` with the first line that breaks a rule.
    package init(_ text: String) throws {
        guard text.isEmpty || text.hasSuffix("\n") else { throw Fault(description: "the last line has no end") }
        var help: (name: String, text: String)?
        var names: Set<String> = []
        // Not by `Character`: a carriage return is no part of a line's end.
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            var scanner = PrometheusLine(line)
            if scanner.take("# HELP ") {
                guard help == nil else { throw scanner.fault("a help without its type before it") }
                help = (try scanner.name(), try scanner.help())
            } else if scanner.take("# TYPE ") {
                let name = try scanner.name()
                guard scanner.take(" "), let kind = Kind(rawValue: scanner.rest) else {
                    throw scanner.fault("no type that is known")
                }
                guard names.insert(name).inserted else { throw scanner.fault("a second family of the same name") }
                guard help == nil || help?.name == name else { throw scanner.fault("the help of another family") }
                families.append(Family(name: name, kind: kind, help: help?.text))
                help = nil
            } else {
                try add(try scanner.sample(), of: scanner)
            }
        }
        guard help == nil else { throw Fault(description: "a help at the end") }
        for family in families { try family.check() }
    }

    private mutating func add(_ sample: Sample, of line: PrometheusLine) throws {
        guard let family = families.last else { throw line.fault("a sample before any type") }
        let suffixes = family.kind == .histogram ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family.name + $0 == sample.name }) else {
            throw line.fault("a sample that is none of \(family.name)")
        }
        guard !family.samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else {
            throw line.fault("the same series twice")
        }
        families[families.count - 1].samples.append(sample)
    }
}

extension PrometheusPage.Family {
    private typealias Fault = PrometheusPage.Fault

    fileprivate func check() throws {
        switch kind {
        case .gauge: break
        case .counter:
            guard name.hasSuffix("_total"), samples.allSatisfy({ $0.value >= 0 && $0.value.isFinite }) else {
                throw Fault(description: "\(name) is not what a counter can be")
            }
        case .histogram: try checkBuckets()
        }
    }

    /// Each series has buckets with ascending bounds and counts, up to infinity, a sum and a count.
    private func checkBuckets() throws {
        for labels in Set(samples.map { $0.labels.filter { $0.key != "le" } }) {
            let buckets = samples.filter {
                $0.name == name + "_bucket" && $0.labels.filter { $0.key != "le" } == labels
            }
            let bounds = buckets.compactMap { $0.labels["le"].flatMap(PrometheusLine.number) }
            guard bounds.count == buckets.count, bounds.last == .infinity, bounds == Array(Set(bounds)).sorted() else {
                throw Fault(description: "\(name)\(labels): bounds \(bounds)")
            }
            let counts = buckets.map(\.value)
            guard counts == counts.sorted(), counts.last == value(labels, suffix: "_count") else {
                throw Fault(description: "\(name)\(labels): counts \(counts)")
            }
            guard value(labels, suffix: "_sum") != nil else { throw Fault(description: "\(name)\(labels): no sum") }
        }
    }
}
