import Foundation
import TerminalText

/// A plan as text for people.
package struct CostPlanTable: Sendable {
    private let plan: CostPlan
    private let width: Int

    /// Takes a plan and the columns that its text may take.
    package init(_ plan: CostPlan, width: Int = 80) {
        self.plan = plan
        self.width = max(40, width)
    }

    /// The text, without a line break at its end.
    package var text: String {
        let machines = plan.machines == 1 ? "1 machine" : "\(plan.machines) machines"
        let cores = plan.cores == 1 ? "1 core" : "\(plan.cores) cores"
        let head = "\(plan.name): \(AmountText.short(plan.tokens)) tokens, \(machines) of \(cores)"
        let parts = [
            [head], section("Memory and disk", memory), section("Corpus and traffic", traffic),
            section("Time on all cores together", time), nodes, models, section("Money", money), notes,
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// A row: what it is of, its figure and how that is known.
    private typealias Row = [String]

    private func section(_ title: String, _ rows: [Row]) -> [String] {
        guard !rows.isEmpty else { return [] }
        let form = TextTable(minimumWidths: [44, 16], gap: 2, rightAligned: [1], trimsRows: true)
        let lines = form.fitted([["", "", "known as"]] + rows, to: width)
        return [title] + lines.dropFirst().flatMap { $0 }
    }

    private func row(_ name: String, _ text: String, _ figure: PlanFigure) -> Row {
        [name, text, figure.basis.rawValue]
    }

    private var memory: [Row] {
        var rows: [Row] = plan.evidence.flatMap { evidence -> [Row] in
            [
                row(
                    "\(evidence.node): latents that fire",
                    "\(Self.count(evidence.firing)) of \(Self.count(evidence.latents))",
                    evidence.firing),
                row(
                    "\(evidence.node): windows of a latent, on average",
                    Self.count(evidence.windowsPerLatent), evidence.windowsPerLatent),
                evidence.lowered.map {
                    row("\(evidence.node): windows sampled per latent in the end", Self.count($0), $0)
                },
                row("\(evidence.node): memory on usual text", Self.bytes(evidence.memory), evidence.memory),
                row("\(evidence.node): memory on any text", Self.bytes(evidence.memoryBound), evidence.memoryBound),
            ].compactMap(\.self)
        }
        if plan.machines > 1, !plan.evidence.isEmpty {
            let onEach = plan.memoryOnEach
            rows.append(row("evidence on each machine, on usual text", Self.bytes(onEach), onEach))
        }
        if let holding = plan.holding {
            rows.append(row("explaining and scoring: memory", Self.bytes(holding), holding))
        }
        rows.append(row("state.memory allows", Self.bytes(plan.memoryBudget), plan.memoryBudget))
        rows.append(row("stored evidence", Self.bytes(plan.storedEvidence), plan.storedEvidence))
        rows.append(row("stored results", Self.bytes(plan.storedResults), plan.storedResults))
        return rows
    }

    private var traffic: [Row] {
        var rows = [row("corpus", Self.bytes(plan.corpus), plan.corpus)]
        rows.append(row("corpus, a token", Self.perToken(plan.corpusPerToken), plan.corpusPerToken))
        for evidence in plan.evidence {
            rows.append(
                row("\(evidence.node): samples sent on, a token", Self.perToken(evidence.shuffled), evidence.shuffled))
            rows.append(
                row(
                    "\(evidence.node): every activation, a token", Self.perToken(evidence.unfiltered),
                    evidence.unfiltered)
            )
        }
        return rows
    }

    private var time: [Row] {
        let steps = plan.ingest.map { row($0.name, Self.time(plan.hours($0.seconds)), $0.seconds) }
        let judging = plan.judgingHours
        return steps + [
            row("explaining and scoring in this process", Self.time(judging), judging),
            row("together", Self.time(plan.totalHours), plan.totalHours),
        ]
    }

    private var money: [Row] {
        var rows: [Row] = []
        for model in plan.models {
            if let cost = model.cost { rows.append(row("\(model.name), with its cache", Self.money(cost), cost)) }
            if let cost = model.costWithoutCache { rows.append(row("\(model.name), without", Self.money(cost), cost)) }
        }
        if let cost = plan.coreCost { rows.append(row("cores", Self.money(cost), cost)) }
        return rows
    }
}

extension CostPlanTable {
    private var nodes: [String] {
        guard !plan.nodes.isEmpty else { return [] }
        let rows = plan.nodes.map { node in
            [
                node.id, Self.count(node.jobs.first),
                Self.count(node.jobs.controls),
                node.jobs.again.map(Self.count) ?? "n/a", Self.count(node.tokensPerJob),
                Self.count(node.tokens), AmountText.percent(node.jobs.mass.value),
                node.jobs.first.basis.rawValue,
            ]
        }
        let head = ["Node", "jobs", "controls", "again ≤", "tokens each", "in all", "of firing", "known as"]
        return TextTable(indent: 0, gap: 2, rightAligned: [1, 2, 3, 4, 5, 6], trimsRows: true)
            .fitted([head] + rows, to: width).flatMap { $0 }
    }

    private var models: [String] {
        guard !plan.models.isEmpty else { return [] }
        let rows = plan.models.map { model in
            [
                model.name, Self.count(model.calls), Self.count(model.sent),
                Self.count(model.shared), Self.count(model.answered),
                model.seconds.map { Self.time(plan.hours($0)) } ?? (model.isServed ? "server" : "in jobs"),
                model.sent.basis.rawValue,
            ]
        }
        let head = ["Model", "requests", "tokens sent", "the same start", "answered", "time", "known as"]
        return TextTable(indent: 0, gap: 2, rightAligned: [1, 2, 3, 4, 5], trimsRows: true)
            .fitted([head] + rows, to: width).flatMap { $0 }
    }

    private var notes: [String] {
        plan.notes.flatMap { WrappedText.lines($0, width: width, hanging: 0) }
    }

    private static func count(_ figure: PlanFigure) -> String {
        AmountText.short(Int(min(max(figure.value.rounded(), 0), 0x1p62)))
    }

    private static func bytes(_ figure: PlanFigure) -> String {
        ByteText(Int(min(max(figure.value, 0), 0x1p62))).description
    }

    private static func perToken(_ figure: PlanFigure) -> String { "\(AmountText.short(figure.value)) B" }

    private static func time(_ hours: PlanFigure) -> String { AmountText.time(hours.value * 3600) }

    private static func money(_ figure: PlanFigure) -> String {
        figure.value < 1000 ? String(format: "%.2f", figure.value) : AmountText.short(figure.value)
    }
}
