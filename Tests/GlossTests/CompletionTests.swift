import ArgumentParser
import Testing

@testable import gloss

@Suite struct CompletionTests {
    @Test(arguments: CompletionShell.allCases.map(\.rawValue))
    func eachShellIsGivenEveryCommand(shell: String) throws {
        let script = Gloss.completionScript(for: try #require(CompletionShell(rawValue: shell)))
        for command in Gloss.configuration.groupedSubcommands.flatMap(\.subcommands) {
            let name = try #require(command.configuration.commandName)
            #expect(script.contains(name), "\(name)")
        }
    }
}
