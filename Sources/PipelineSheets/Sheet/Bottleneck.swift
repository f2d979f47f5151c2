import TerminalText

/// What holds a part of a topology up.
package struct Bottleneck: Sendable, Hashable, Codable {
    /// The parts of a topology that do not hold each other up.
    package enum Part: String, Sendable, Hashable, Codable {
        /// From the sources to the evidence.
        case ingest
        /// Explaining and scoring.
        case results
    }

    /// Why the node holds others up.
    package enum Cause: String, Sendable, Hashable, Codable {
        /// It works without a pause.
        case work
        /// The server of its model does not answer.
        case server
        /// The brokers do not answer.
        case brokers
    }

    /// The part.
    package var part: Part
    /// The node.
    package var node: String
    /// The cause.
    package var cause: Cause
    /// What there is to say, in a sentence without a full stop.
    package var sentence: String
}

extension Bottleneck {
    /// From this share on, a node that works holds itself up.
    private static let atWork = 0.8
    /// What carries the corpus towards the evidence; what comes after the evidence holds none of it up.
    private static let ingestUnits: Set<String> = ["documents", "tokens"]

    /// Finds what holds the parts of a topology up, by the times and queues of its nodes.
    package static func all(in nodes: [PipelineNode], _ edges: [PipelineEdge]) -> [Bottleneck] {
        let fed = Set(edges.filter { ingestUnits.contains($0.unit) }.map(\.to))
        let ingest = nodes.filter { $0.kind == .source || fed.contains($0.id) }
        let results = nodes.filter { $0.kind != .source && !fed.contains($0.id) }
        return [ofIngest(ingest, edges), ofResults(results)].compactMap(\.self)
    }

    private static func ofIngest(_ nodes: [PipelineNode], _ edges: [PipelineEdge]) -> Bottleneck? {
        if let source = nodes.first(where: { $0.kind == .source && $0.away != nil }), let away = source.away {
            return Bottleneck(
                part: .ingest, node: source.id, cause: .brokers,
                sentence: "ingest waits for the brokers of \(source.id), away for \(AmountText.time(away.seconds))")
        }
        let waiting = Set(nodes.filter { $0.times?.isHeldUp == true }.map(\.id))
        let readers = Set(edges.filter { waiting.contains($0.from) }.map(\.to))
        // Whoever is waited for and waits for nobody; without such, whoever works without a pause.
        let limits = nodes.filter { readers.contains($0.id) && !waiting.contains($0.id) }
        let busy = nodes.filter { ($0.times?.busy ?? 0) >= atWork && !waiting.contains($0.id) }
        guard let limit = busiest(limits) ?? busiest(busy) else { return nil }
        let share = AmountText.percent(limit.times?.busy ?? 0)
        let held = nodes.filter { waiting.contains($0.id) }.map(\.id)
        let others = held.isEmpty ? "" : "; \(list(held)) \(held.count == 1 ? "waits" : "wait") for it"
        return Bottleneck(
            part: .ingest, node: limit.id, cause: .work,
            sentence: "ingest is as fast as \(limit.id), which works \(share) of the time\(others)")
    }

    private static func ofResults(_ nodes: [PipelineNode]) -> Bottleneck? {
        let stages = nodes.filter { $0.kind == .stage }
        if let node = stages.first(where: { $0.away != nil && ($0.jobs?.open ?? 0) > 0 }), let away = node.away {
            return Bottleneck(
                part: .results, node: node.id, cause: .server,
                sentence: "\(node.id) waits for \(away.name), away for \(AmountText.time(away.seconds)), with "
                    + "\(AmountText.short(node.jobs?.open ?? 0)) jobs before it; ingest goes on")
        }
        if let sink = nodes.first(where: { $0.kind == .sink && $0.away != nil }), let away = sink.away {
            return Bottleneck(
                part: .results, node: sink.id, cause: .brokers,
                sentence:
                    "\(sink.id) waits for \(away.name), away for \(AmountText.time(away.seconds)); results are kept")
        }
        if let slowest = stages.filter({ ($0.jobs?.open ?? 0) > 0 }).max(by: { time(of: $0) < time(of: $1) }) {
            let open = AmountText.short(slowest.jobs?.open ?? 0)
            let rate = slowest.output?.perSecond ?? 0
            let left =
                rate > 0
                ? "at \(AmountText.short(rate))/s: \(AmountText.time(time(of: slowest))) more" : "none done of late"
            return Bottleneck(
                part: .results, node: slowest.id, cause: .work,
                sentence: "results are as fast as \(slowest.id), which has \(open) jobs before it, \(left)")
        }
        guard let busy = busiest(stages.filter { ($0.times?.busy ?? 0) >= atWork }) else { return nil }
        return Bottleneck(
            part: .results, node: busy.id, cause: .work,
            sentence:
                "results are as fast as \(busy.id), which works \(AmountText.percent(busy.times?.busy ?? 0)) of the time"
        )
    }

    private static func busiest(_ nodes: [PipelineNode]) -> PipelineNode? {
        nodes.max { ($0.times?.busy ?? 0) < ($1.times?.busy ?? 0) }
    }

    /// The seconds until the jobs of a node are done at its rate; for ever if it does none.
    private static func time(of node: PipelineNode) -> Double {
        let rate = node.output?.perSecond ?? 0
        return rate > 0 ? Double(node.jobs?.open ?? 0) / rate : .infinity
    }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}

extension PipelineJobs {
    /// All that are not over.
    package var open: Int { waiting + underWay }
}
