import Hashing

/// Hashes everything that decides the outcome of a topology, in an order that does not depend on the file's layout.
///
/// Every text goes in with its length, every choice with a letter, and every collection with its count, so that no two contents
/// run together. Secrets go in as a mark alone.
struct TopologyDigester {
    let models: [String: ModelEntry]

    /// The digest of the whole topology.
    func digest(header: TopologyHeader, nodes: [Node]) -> Hash128 {
        var content = CanonicalContent()
        content.add(count: header.version)
        content.add(text: header.name)
        content.add(count: header.state.checkpointMilliseconds)
        content.add(count: header.state.memoryBytes)
        content.add(count: models.count)
        for (name, entry) in models.sorted(by: { $0.key < $1.key }) {
            content.add(text: name)
            content.add(entry)
            content.addPace(of: entry)
        }
        content.add(count: nodes.count)
        for node in nodes.sorted(by: { $0.id < $1.id }) {
            content.add(node, models: models)
            content.add(count: node.inputs.count)
            for (id, port) in node.inputs.map({ ($0.node, $0.port ?? "") }).sorted(by: { $0 < $1 }) {
                content.add(text: id)
                content.add(text: port)
            }
        }
        return content.digest
    }
}

/// A hash that is fed with values in canonical form.
private struct CanonicalContent {
    private var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)

    var digest: Hash128 { hasher.finalize128() }

    mutating func add(text: String) { hasher.update(text: text) }

    mutating func add(count: Int) { hasher.update(Int64(count)) }

    mutating func add(_ node: Node, models: [String: ModelEntry]) {
        add(text: node.id)
        add(text: node.kind.rawValue)
        add(text: node.schema.type)
        add(count: node.fields.count)
        let modelFields = Set(node.schema.fields.filter { $0.type == .model || $0.type == .list(.model) }.map(\.name))
        for (name, value) in node.fields.sorted(by: { $0.key < $1.key }) {
            add(text: name)
            add(value)
            guard modelFields.contains(name) else { continue }
            for model in value.texts ?? value.text.map({ [$0] }) ?? [] {
                if let entry = models[model] { add(entry) }
            }
        }
    }

    mutating func add(_ entry: ModelEntry) {
        switch entry {
        case .file(let file):
            add(text: file.hasWeights ? "file" : "tokenizer")
            add(text: file.path)
            switch file.bos {
            case .auto: add(text: "auto")
            case .none: add(text: "none")
            case .token(let token):
                add(text: "token")
                add(text: token)
            }
            // The default adds nothing, so that topologies from before this choice existed keep their digest.
            if file.activations != .int8 { add(text: file.activations.rawValue) }
        case .openAI(let endpoint):
            add(text: "openai")
            add(text: endpoint.url)
            add(text: endpoint.model)
            add(endpoint.form)
        }
    }

    /// Adds what differs from the default, so that topologies from before there was a choice keep their digest.
    private mutating func add(_ form: RequestForm) {
        if !form.sendsTemperature { add(text: "temperature none") }
        if form.prefill != "trailing-message" { add(text: "prefill \(form.prefill)") }
        if form.likeliestTokens != 20 { add(text: "likeliest \(form.likeliestTokens)") }
        guard !form.extra.isEmpty else { return }
        add(text: "extra")
        add(.members(form.extra))
    }

    /// Adds the settings that change how fast a model answers, but not its answers.
    mutating func addPace(of entry: ModelEntry) {
        guard case .openAI(let endpoint) = entry else { return }
        add(count: endpoint.concurrency)
        add(count: endpoint.timeoutMilliseconds)
        add(count: endpoint.retries)
        if let batches = endpoint.batches {
            add(text: "batch")
            add(count: batches.collectMilliseconds)
            add(count: batches.requests)
        }
        if endpoint.form.sendsCacheKey { add(text: "prompt_cache_key") }
    }

    mutating func add(_ value: FieldValue) {
        switch value {
        case .text(let text):
            add(text: "text")
            add(text: text)
        case .integer(let value):
            add(text: "integer")
            add(count: value)
        case .number(let value):
            add(text: "number")
            // Both zeros are one number.
            hasher.update((value == 0 ? 0 : value).bitPattern)
        case .boolean(let value):
            add(text: "boolean")
            add(count: value ? 1 : 0)
        case .milliseconds(let value):
            add(text: "milliseconds")
            add(count: value)
        case .bytes(let value):
            add(text: "bytes")
            add(count: value)
        case .list(let elements):
            add(text: "list")
            add(count: elements.count)
            for element in elements { add(element) }
        case .settings(let settings):
            add(text: "settings")
            add(count: settings.count)
            for (name, setting) in settings.sorted(by: { $0.key < $1.key }) {
                add(text: name)
                if case .plain(let text) = setting {
                    add(text: "plain")
                    add(text: text)
                } else {
                    add(text: "secret")
                }
            }
        case .members(let members):
            add(text: "members")
            add(count: members.count)
            for (name, text) in members.sorted(by: { $0.key < $1.key }) {
                add(text: name)
                add(text: text)
            }
        case .latents(let selection):
            add(text: "latents")
            add(selection)
        }
    }

    private mutating func add(_ selection: LatentSelection) {
        switch selection {
        case .all: add(text: "all")
        case .list(let latents):
            add(text: "list")
            let distinct = Set(latents).sorted()
            add(count: distinct.count)
            for latent in distinct { add(count: latent) }
        case .range(let range):
            add(text: "range")
            add(count: range.lowerBound)
            add(count: range.upperBound)
        case .firing(let count):
            add(text: "firing")
            add(count: count)
        case .sample(let count, let seed):
            add(text: "sample")
            add(count: count)
            hasher.update(seed)
        }
    }
}
