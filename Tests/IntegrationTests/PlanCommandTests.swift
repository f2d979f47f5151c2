import Foundation
import TestSupport
import Testing

/// What `gloss plan` prints, of a topology of a tiny model.
@Suite(.timeLimit(.minutes(5))) struct PlanCommandTests {
    private struct Plan: Decodable {
        struct Figure: Decodable, Equatable {
            let value: Double
            let basis: String
        }
        struct Evidence: Decodable {
            let node: String
            let latents: Figure
            let latents_firing: Figure
        }
        struct Node: Decodable {
            let node: String
            let jobs: Figure
            let tokens_per_job: Figure
        }
        struct Work: Decodable {
            let work: String
            let core_seconds: Figure
        }

        let tokens: Double
        let evidence: [Evidence]
        let ingest: [Work]
        let nodes: [Node]
        let hours: Figure
        let core_cost: Figure?
    }

    private let subject: TinySubject
    private let gloss = GlossProgram()
    private let topology: String

    init() throws {
        subject = try TinySubject()
        topology = try subject.topology(
            "planned", source: "{ type: file, path: \"\(subject.corpus(documents: 40))\" }")
    }

    private func plan(_ arguments: String...) throws -> Plan {
        let outcome = try gloss.run(["plan", topology, "--json"] + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try JSONDecoder().decode(Plan.self, from: Data(outcome.output.utf8))
    }

    @Test func aTopologysCostIsToldAndNothingIsRun() throws {
        let plan = try plan("--tokens", "10M", "--cores", "2", "--core-hour", "0.1")
        #expect(plan.tokens == 10e6 && plan.hours.value > 0 && plan.hours.basis == "assumed")
        #expect(plan.ingest.map(\.work) == ["tokenise", "forward", "encode", "sample"])
        #expect(plan.nodes.map(\.node).sorted() == ["detected", "executed", "lexical"])
        #expect(plan.nodes.first { $0.node == "detected" }?.jobs.value ?? 0 <= 4)
        let cost = try #require(plan.core_cost).value
        #expect(abs(cost - plan.hours.value * 2 * 0.1) < 1e-9 * cost)
        #expect(!FileManager.default.fileExists(atPath: subject.state("planned")))
        let table = try gloss.run(["plan", topology, "--tokens", "10M"])
        #expect(table.status == 0 && table.output.contains("Memory and disk"))
        #expect(table.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(table.output)")
    }

    @Test func aStateTellsHowOftenLatentsFire() throws {
        try #require(try gloss.run(["run", topology, "--until-drained"]).status == 0)
        let (assumed, told) = (
            try plan("--tokens", "1M").evidence, try plan("--tokens", "1M", "--like", subject.state("planned")).evidence
        )
        #expect(assumed.first?.latents_firing.basis == "assumed")
        let firing = try #require(told.first)
        #expect(firing.latents_firing.basis == "measured")
        #expect(firing.latents_firing.value <= firing.latents.value + 1e-6)
    }

    @Test func theSubjectsRateIsMeasured() throws {
        let plan = try plan("--tokens", "1M", "--measure")
        let forward = try #require(plan.ingest.first { $0.work == "forward" })
        #expect(forward.core_seconds.basis == "measured" && forward.core_seconds.value > 0)
    }

    @Test func whatCannotBePlannedIsRefused() throws {
        #expect(try gloss.run(["plan", topology]).status == 64)
        let words = try gloss.run(["plan", topology, "--tokens", "many"])
        #expect(words.status == 64 && words.errors.contains("10M"))
        let machines = try gloss.run(["plan", topology, "--tokens", "1M", "--machines", "0"])
        #expect(machines.status == 64 && machines.errors.contains("--machines must be"))
        #expect(try gloss.run(["plan", subject.folder.file("none.yaml"), "--tokens", "1M"]).status == 66)
        let like = try gloss.run(["plan", topology, "--tokens", "1M", "--like", subject.folder.file("none")])
        #expect(like.status == 66, "\(like.errors)")
        let text = try String(contentsOfFile: topology, encoding: .utf8).replacing("window: 16", with: "windows: 16")
        try text.write(toFile: topology, atomically: true, encoding: .utf8)
        let (planned, validated) = (
            try gloss.run(["plan", topology, "--tokens", "1M"]), try gloss.run(["validate", topology])
        )
        #expect(planned.status == 78 && validated.status == 78 && planned.errors == validated.errors)
    }
}
