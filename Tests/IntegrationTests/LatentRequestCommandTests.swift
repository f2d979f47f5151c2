import Elements
import Foundation
import Store
import Testing

/// What persons ask for by the command, through `kill -9`.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LatentRequestCommandTests {
    private static let latents = [0, 1, 2, 3]

    @Test func whateverKillsTheDaemonEachRequestIsDoneOnce() throws {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 600)
        let path = try subject.topology("asked", source: "{ type: file, path: \"\(corpus)\" }")
        let people = "people:   { type: explain,   inputs: [evidence], explainer: written }"
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "when: drained", with: "when: ready, regrowth: 0, drift: false")
            .replacingOccurrences(of: "  executed: {", with: "  \(people)\n  executed: {")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let program = GlossProgram()
        let state = subject.state("asked")
        func gloss(_ arguments: String...) throws -> GlossProgram.Outcome { try program.run(arguments) }

        _ = try program.runAndKill(["run", path, "--until-drained", "--verbose"], afterCheckpoints: 1)
        for latent in Self.latents {
            let label = try gloss("label", state, "--latent", "\(latent)", "words of \(latent)")
            try #require(label.status == 0, "\(label.errors)")
            #expect(label.output.hasPrefix("1 request is left for people: done by the daemon"))
            try #require(try gloss("explain", state, "--latent", "\(latent)", "--node", "lexical").status == 0)
        }
        for checkpoints in [1, 2, 1] {
            _ = try program.runAndKill(
                ["run", path, "--until-drained", "--verbose"], afterCheckpoints: checkpoints)
        }
        let last = try gloss("run", path, "--until-drained", "--quiet")
        try #require(last.status == 0, "\(last.errors)")

        let reader = try Store.reader(directory: state)
        #expect(try reader.latentRequests().isEmpty)
        let labels = try reader.explanations(of: "people")
        #expect(labels.map(\.latent).sorted() == Self.latents)
        #expect(labels.allSatisfy { $0.text == "words of \($0.latent)" && $0.provenance.origin == "human" })
        // By itself this topology explains nothing twice.
        let lexical = try reader.explanations(of: "lexical")
        let firsts = lexical.filter { $0.provenance.again == nil }.map(\.latent)
        #expect(!firsts.isEmpty && Set(firsts).count == firsts.count)
        // A request on evidence that the latent was explained from comes to nothing, so that there may be none.
        let again = lexical.filter { $0.provenance.again != nil }
        #expect(again.allSatisfy { $0.provenance.again?.reason == .asked && Self.latents.contains($0.latent) })
        #expect(Set(again.map(\.latent)).count == again.count)

        let label = try #require(labels.first { $0.latent == 1 })
        let name = "\(label.coder.name)/1"
        #expect(try gloss("pin", state, "--latent", "1", "--job", "\(label.job)").status == 0)
        try #require(try gloss("run", path, "--until-drained", "--quiet").status == 0)
        #expect(try gloss("show", state, name).output.contains("“words of 1” (pinned)"))
        #expect(try gloss("show", state, name, "--json").output.contains("\"pinned\":true"))
        let refused = try gloss("label", state, "--latent", "1", "other words")
        #expect(refused.status == 78 && refused.errors.contains("unpin it first"))
        #expect(try gloss("pin", state, "--latent", "1", "--off").status == 0)
        #expect(try gloss("explain", state, "--latent", "1", "--node", "nobody").status == 66)
        #expect(try gloss("pin", state, "--latent", "1").status == 64)
    }
}
