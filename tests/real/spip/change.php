<?php
/**
 * Changes a filled site as its editors would: php change.php CHANGES.json RESULT.json
 *
 * A change is {"do": "insert", "record"}, {"do": "edit", "id", "title", "paragraphs"} or {"do": "withdraw", "id"}. RESULT
 * gets number and address after each, in order.
 */
[, $changes_file, $result_file] = $argv;
require __DIR__ . '/articles.php';

$ids = [];
foreach (json_decode(file_get_contents($changes_file), true) as $change) {
    $id = $change['id'] ?? 0;
    $edited = ['date_modif' => date('Y-m-d H:i:s')];
    switch ($change['do']) {
        case 'insert':
            $id = insert($change['record']);
            break;
        case 'edit':
            sql_updateq('spip_articles', $edited + ['titre' => $change['title'], 'texte' => text($change)], "id_article=$id");
            break;
        case 'withdraw':
            sql_updateq('spip_articles', $edited + ['statut' => 'poubelle'], "id_article=$id");
            break;
        default:
            fwrite(STDERR, "no such change: {$change['do']}\n");
            exit(1);
    }
    $ids[] = $id;
}
settle();
file_put_contents($result_file, json_encode(array_map('place', $ids)));
