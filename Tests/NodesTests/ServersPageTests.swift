import Foundation
import TestSupport
import Testing
import Topology

@testable import Nodes

/// The snippets of docs/servers.md are models that a topology takes.
@Suite struct ServersPageTests {
    /// The indented blocks that begin with a model's name, by the heading above each.
    private static func snippets() throws -> [String: String] {
        let page = try String(contentsOf: URL(filePath: Checkout.path("docs/servers.md")), encoding: .utf8)
        var snippets: [String: String] = [:]
        var heading = ""
        var isInside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
            if line == "    judge:" { isInside = true }
            if !line.hasPrefix("    ") { isInside = false }
            if isInside { snippets[heading, default: ""] += line.dropFirst(2) + "\n" }
        }
        return snippets
    }

    private func form(of snippet: String) throws -> RequestForm {
        let text = """
            version: 1
            name: t
            models:
            \(snippet)
            sources: { corpus: { type: stdin } }
            stages: { tokens: { type: tokenize, inputs: [corpus], model: judge } }

            """
        let keys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENROUTER_API_KEY"].map { ($0, "k") }
        let topology = try TopologyText.topology(of: text, environment: Dictionary(uniqueKeysWithValues: keys))
        guard case .openAI(let endpoint) = topology.models["judge"] else { throw PageFault() }
        return endpoint.form
    }

    private struct PageFault: Error {}

    @Test func eachServerHasASnippetThatIsRead() throws {
        let forms = try Self.snippets().mapValues { try form(of: $0) }
        #expect(forms.count == 8)
        #expect(forms["Half the price: batches"]?.sendsCacheKey == true)
        #expect(forms["OpenAI: GPT-5 and the o-series"]?.tokenLimitField == "max_completion_tokens")
        #expect(forms["OpenAI: GPT-5 and the o-series"]?.sendsTemperature == false)
        #expect(forms["Anthropic through a compatible gateway"]?.prefill == "none")
        for name in ["vLLM", "SGLang"] {
            #expect(forms[name]?.prefill == "continue-final-message")
            #expect(forms[name]?.extra["chat_template_kwargs"] == #"{"enable_thinking":false}"#)
        }
        #expect(forms["llama.cpp"]?.extra == [:])
        #expect(forms["Ollama"]?.extra["reasoning_effort"] == #""none""#)
        #expect(forms["OpenRouter"]?.extra["provider"] == #"{"require_parameters":true,"sort":"price"}"#)
    }
}
