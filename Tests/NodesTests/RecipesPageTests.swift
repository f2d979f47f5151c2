import Foundation
import TestSupport
import Testing
import Topology

@testable import Nodes

/// The topologies of docs/recipes.md, docs/production.md and deploy are ones that Gloss takes.
@Suite struct RecipesPageTests {
    /// The blocks of YAML of a page that are whole topologies.
    private static func topologies(of page: String) throws -> [String] {
        let text = try String(contentsOf: URL(filePath: Checkout.path(page)), encoding: .utf8)
        return text.matches(of: /```yaml\n(version: 1\n(?s:.*?))```/).map { String($0.output.1) }
    }

    @Test func everyRecipeIsWholeAndFitsTogether() throws {
        let recipes = try Self.topologies(of: "docs/recipes.md")
        var names: [String] = []
        for recipe in recipes {
            let (topology, diagnostics) = TopologyText.read(recipe)
            #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
            let graph = try Graph(#require(topology))
            #expect(!graph.terminals.isEmpty)
            names.append(graph.topology.name)
        }
        #expect(names == ["llama-8b", "gemma-scope", "from-delphi", "two-explainers"])
    }

    /// Files are named as they are from the repository's folder, so only what a variable or a download gives is not there.
    @Test func theFilesOfTheRepositoryThatARecipeNamesAreThere() throws {
        for recipe in try Self.topologies(of: "docs/recipes.md") {
            for match in recipe.matches(of: /\.\/(topologies|Tests)\/[A-Za-z0-9_.\/-]+/) {
                let path = Checkout.path(String(match.output.0.dropFirst(2)))
                #expect(FileManager.default.fileExists(atPath: path), "\(match.output.0) is not there")
            }
        }
    }

    @Test func theTopologyOfTheContainersIsTaken() throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("t", to: "token")
        let text = try String(contentsOf: URL(filePath: Checkout.path("deploy/compose/topology.yaml")), encoding: .utf8)
        let topology = try TopologyText.topology(
            of: text.replacingOccurrences(of: "/run/secrets/gloss_token", with: token))
        let settings = try #require(topology.httpSettings)
        #expect(settings.host == "0.0.0.0" && settings.token != nil)
        #expect(topology.state.directory.hasPrefix("/state/"))
    }
}
