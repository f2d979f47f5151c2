import ArgumentParser
import Dataflow
import Foundation
import Nodes
import Running
import TerminalText
import Topology

/// Checks everything that a topology needs to run.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Looks at the machine and, with a topology, at its brokers, files, state and memory; with --ask, at its servers.",
        discussion:
            """
            One line each: `ok`, `warn` or `FAIL`, what was looked at, what was found. Exits 1 where one FAILs. With --role it \
            looks at what a process reaches that does that part of the work.
            """)

    @Argument(help: "A topology file.")
    var topology: String?

    @Flag(help: "Ask each server a few tiny questions and say what it can do; a paid one charges for them.")
    var ask = false

    @Flag(
        help:
            "Measure the mean length of activations at each coder's hookpoint, for `average_norm:`, over more tokens of the corpus."
    )
    var estimate = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var sharing: RoleOptions

    func validate() throws {
        guard topology != nil || sharing.role == .whole else {
            throw ValidationError("--role goes with a topology file")
        }
    }

    func run() async throws {
        do {
            try await examine()
        } catch {
            throw ExitCode(telling: error, of: "doctor")
        }
    }

    private func examine() async throws {
        let pool = ComputePool(name: "doctor", threads: 1)
        let environment = ProcessInfo.processInfo.environment
        var findings: [Finding] = []
        try report(try await pool.run { _ in KernelExamination.findings(environment: environment) }, into: &findings)
        try report(KafkaLibraryExamination.findings, into: &findings)
        if let path = topology {
            let role = sharing.role
            let (graph, found) = try await pool.run { _ in TopologyExamination.read(path, in: role) }
            try report(found, into: &findings)
            if let graph { try await examine(graph, in: role, pool, into: &findings) }
        }
        let report = FindingReport(findings)
        if json { try Terminal.print(json: try report.json()) }
        if !report.sound { throw ExitCode(1) }
    }

    private func examine(
        _ graph: Graph, in role: Role, _ pool: ComputePool<Void>, into findings: inout [Finding]
    ) async throws {
        try report(await BrokerExamination.findings(of: graph, in: role), into: &findings)
        try report(try await ShuffleExamination.findings(of: graph, in: role, pool), into: &findings)
        // A process that only reads the corpus asks nobody.
        if !role.isIngest { try await examineServers(graph, into: &findings) }
        try report(
            try await pool.run { [ask] _ in WeightExamination.findings(of: graph, asksServers: ask) }, into: &findings)
        // A process that owns shares reads no corpus, and one that reads the corpus keeps no state.
        let questions = role.owned == nil ? await graph.fitQuestions(tokens: estimate ? 8192 : 1024) : []
        for question in questions {
            let found = try await pool.run { [estimate] _ in FitExamination.findings(of: question, estimates: estimate)
            }
            try report(found, into: &findings)
        }
        guard !role.isIngest else { return }
        let (memory, bound) = try await pool.run { _ in MemoryExamination.examine(graph) }
        try report(memory, into: &findings)
        let directory = graph.topology.state.directory
        try report(try await pool.run { _ in StateExamination.findings(of: directory, bound: bound) }, into: &findings)
    }

    private func examineServers(_ graph: Graph, into findings: inout [Finding]) async throws {
        try report(await EndpointExamination.findings(of: graph), into: &findings)
        try report(await EndpointExamination.batches(of: graph), into: &findings)
        if ask { try report(await EndpointExamination.answers(of: graph), into: &findings) }
    }

    /// Prints findings as soon as they are made, unless they are to be one object.
    private func report(_ found: [Finding], into findings: inout [Finding]) throws(WriteFailure) {
        if !json { for finding in found { try Terminal.print(finding.text) } }
        findings += found
    }
}
