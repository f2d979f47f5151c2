import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing

/// Contexts that a team works on together: each step of every architecture against one thread.
@Suite struct HelpedContextTests {
    private let hookpoints = [
        Hookpoint(block: 0, site: .attention), Hookpoint(block: 1, site: .neurons),
        Hookpoint(block: 2, site: .residual),
    ]

    private func bits(_ activations: [String: Matrix]) -> [String: [UInt32]] {
        activations.mapValues { $0.values.map(\.bitPattern) }
    }

    /// The activations of contexts, by as many members for each block as `members` says in turn.
    private func activations(
        of contexts: [[UInt32]], _ pass: ForwardPass, _ team: WorkTeam, members: [Int]
    ) throws -> [String: [UInt32]] {
        var block = 0
        let activations = try pass.activations(of: contexts) { work in
            team.join(helpers: members[block % members.count] - 1) { work($0) }
            block += 1
            return true
        }
        return bits(try #require(activations))
    }

    @Test(
        arguments: ["gemma2", "gemma3", "gpt2", "gpt_neox", "llama", "mistral", "qwen2", "qwen3"],
        [BatchMode.ragged, .perContext])
    func aContextIsTheSameBitsWhoeverHelps(architecture: String, mode: BatchMode) throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        // Odd numbers of rows, and together so many that even the cheapest step is shared.
        let longest = min(model.configuration.maximumContext - 1, 701)
        let contexts = [longest, 1, 0, 63, 125, 2, 127, 97, 121].enumerated().map { index, length in
            ForwardPassTests.context(length, seed: UInt32(index))
        }
        let alone = try ForwardPass(model: model, hookpoints: hookpoints, mode: mode)
        let expected = bits(try alone.activations(of: contexts))
        let first = bits(try alone.activations(of: [contexts[0]]))
        for helpers in 1...4 {
            let team = WorkTeam(name: "test", helpers: helpers)
            let helped = try ForwardPass(model: model, hookpoints: hookpoints, mode: mode, team: team)
            #expect(try activations(of: contexts, helped, team, members: [helpers + 1]) == expected)
            #expect(try activations(of: [contexts[0]], helped, team, members: [helpers + 1]) == first)
            // Helpers come and go between blocks.
            #expect(try activations(of: contexts, helped, team, members: [1, helpers + 1, 2]) == expected)
            #expect(bits(try helped.activations(of: contexts)) == expected)
        }
    }

    @Test func membersWithoutATeamAreNone() throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/qwen2"))
        let pass = try ForwardPass(model: model, hookpoints: hookpoints, mode: .ragged)
        let context = ForwardPassTests.context(127, seed: 1)
        let expected = try pass.activations(of: [context])
        let found = try pass.activations(of: [context]) { work in
            work(3)
            return true
        }
        #expect(found == expected)
    }
}
