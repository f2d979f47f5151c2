import ArgumentParser
import Dataflow
import Foundation
import LanguageModels
import Nodes
import Planning

/// Says what running a topology costs.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Says what running a topology will cost: memory, disk, traffic, time, tokens of models and money.",
        discussion: """
            Nothing is run or asked. Each figure is known as bound by the settings, measured, or assumed; docs/scaling.md has the \
            formulas and what they were checked against.
            """)

    @Argument(help: "A topology file.")
    var topology: String

    @Option(help: "The tokens of the corpus, such as 1478874, 250k, 10M or 1.5G.", transform: TokenAmount.parse)
    var tokens: Double

    @Option(help: "How many machines share the work evenly.")
    var machines = 1

    @Option(help: "The cores of each machine; by default those of this one.")
    var cores = ProcessInfo.processInfo.activeProcessorCount

    @Option(
        help: ArgumentHelp(
            "A state directory: latents are taken to differ in how often they fire as they do there.",
            valueName: "state"))
    var like: String?

    @Flag(help: "Run the subject for some seconds on this machine and take the rate that it has.")
    var measure = false

    @Option(
        help: ArgumentHelp(
            "The price of one core for an hour, in the currency of the prices of models.", valueName: "price"))
    var coreHour: Double?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        do {
            _ = try question(by: .assumed)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() async throws {
        do {
            let plan = try await plan()
            try json
                ? Terminal.print(json: CostPlanJSON.text(plan))
                : Terminal.print(CostPlanTable(plan, width: Terminal.width).text)
        } catch {
            throw ExitCode(telling: error, of: "plan")
        }
    }

    private func plan() async throws -> CostPlan {
        let pool = ComputePool(name: "plan", threads: 1)
        let (graph, facts) = try await pool.run { [topology, like, cores, tokens, machines] _ in
            // A topology may name more coders than memory holds at once.
            let graph = try TopologyLoading.load(topology, keepsWeights: false)
            var facts = try PlannedFiles(graph).facts(cores: cores, tokens: tokens)
            // Each of several machines may take as much, for its part of the latents.
            if machines > 1 { facts.samples = [:] }
            if let like { facts.rates = try LikeState(directory: like).rates(for: graph.topology) }
            return (graph, facts)
        }
        let rates = try await measure ? measured(graph) : .assumed
        return CostPlan(of: try CostModel(of: graph.topology, facts: facts, question: question(by: rates)))
    }

    private func question(by rates: MachineRates) throws(PlanningError) -> PlanQuestion {
        try PlanQuestion(tokens: tokens, machines: machines, cores: cores, rates: rates, corePrice: coreHour)
    }

    private func measured(_ graph: Graph) async throws -> MachineRates {
        guard let pass = try PlannedFiles(graph).passes.first else {
            Notice.write("plan", "no subject runs in this topology, so no rate was measured", level: .warning)
            return .assumed
        }
        Notice.write("plan", "measuring \(pass.model.name) on all cores of this machine")
        let rate = try await ForwardProbe(pass).operationsPerCore(
            threads: ProcessInfo.processInfo.activeProcessorCount)
        return MachineRates.assumed.measured(forward: rate)
    }
}

extension PlanningError: StatesFailureKind {
    var failureKind: FailureKind { .configuration }
}
