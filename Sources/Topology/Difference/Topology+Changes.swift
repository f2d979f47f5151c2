extension Topology {
    /// The settings in which it differs from the topology that runs, in the order of this file.
    ///
    /// Files that mean the same differ in nothing, however they are written.
    public func changes(from running: Topology) -> [SettingChange] {
        var changes = headerChanges(from: running)
        changes += modelChanges(from: running)
        changes += nodeChanges(from: running)
        return changes.sorted { ($0.mark, $0.path) < ($1.mark, $1.path) }
    }

    private func headerChanges(from running: Topology) -> [SettingChange] {
        Self.differences(settings, running.settings).map { field, kind in
            SettingChange(subject: .topology, path: field, kind: kind, mark: mark(of: field))
        }
    }

    private func modelChanges(from running: Topology) -> [SettingChange] {
        let names = Set(models.keys).union(running.models.keys)
        return names.flatMap { name -> [SettingChange] in
            let path = "models.\(name)"
            guard let entry = models[name] else {
                return [
                    SettingChange(
                        subject: .model(name), path: path, kind: .removed, mark: marks["models"] ?? nameMark)
                ]
            }
            guard let before = running.models[name] else {
                return [SettingChange(subject: .model(name), path: path, kind: .added, mark: entry.mark)]
            }
            return Self.differences(entry.settings, before.settings).map { field, kind in
                SettingChange(
                    subject: .model(name), path: "\(path).\(field)", kind: kind,
                    mark: entry.marks[field] ?? entry.mark)
            }
        }
    }

    private func nodeChanges(from running: Topology) -> [SettingChange] {
        let gone = running.nodes.filter { node(of: $0) == nil }.map { node in
            SettingChange(
                subject: .node(node.id), path: node.path, kind: .removed, mark: marks[node.kind.rawValue] ?? nameMark)
        }
        return gone
            + nodes.flatMap { node -> [SettingChange] in
                guard let before = running.node(of: node) else {
                    return [SettingChange(subject: .node(node.id), path: node.path, kind: .added, mark: node.mark)]
                }
                return node.changes(from: before)
            }
    }

    /// The node of the same id and section.
    private func node(of other: Node) -> Node? { node(other.id).flatMap { $0.kind == other.kind ? $0 : nil } }

    private static func differences(
        _ settings: [String: String], _ before: [String: String]
    ) -> [(field: String, kind: SettingChange.Kind)] {
        Set(settings.keys).union(before.keys).compactMap { field in
            settings[field] == before[field]
                ? nil : (field, .changed(from: before[field], to: settings[field]))
        }
    }
}

extension Node {
    fileprivate var path: String { "\(kind.rawValue).\(id)" }

    fileprivate func changes(from before: Node) -> [SettingChange] {
        guard schema.type == before.schema.type else {
            let kind = SettingChange.Kind.changed(from: before.schema.type, to: schema.type)
            return [SettingChange(subject: .node(id), path: "\(path).type", kind: kind, mark: mark)]
        }
        var changes: [SettingChange] = []
        if shownInputs != before.shownInputs {
            let kind = SettingChange.Kind.changed(
                from: before.shownInputs.joined(separator: ", "), to: shownInputs.joined(separator: ", "))
            changes.append(SettingChange(subject: .node(id), path: "\(path).inputs", kind: kind, mark: inputsMark))
        }
        let (texts, textsBefore) = (texts, before.texts)
        for field in Set(fields.keys).union(before.fields.keys) where fields[field] != before.fields[field] {
            changes.append(
                SettingChange(
                    subject: .node(id), path: "\(path).\(field)",
                    kind: .changed(from: textsBefore[field], to: texts[field]), mark: mark(of: field)))
        }
        return changes
    }

    /// What it reads; the order says nothing.
    private var shownInputs: [String] {
        inputs.map { input in input.port.map { "\(input.node).\($0)" } ?? input.node }.sorted()
    }
}
