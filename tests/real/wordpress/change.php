<?php
/**
 * Changes a filled site as its editors would: php change.php CHANGES.json RESULT.json
 *
 * A change is {"do": "insert", "record"}, {"do": "edit", "id", "title", "paragraphs"}, {"do": "move", "id", "slug"} or
 * {"do": "trash" | "draft" | "delete" | "protect", "id"}. RESULT gets id and address after each, in order.
 */
[, $changes_file, $result_file] = $argv;
require __DIR__ . '/posts.php';

$category_ids = [];
$result = [];
foreach (json_decode(file_get_contents($changes_file), true) as $change) {
    $id = $change['id'] ?? 0;
    switch ($change['do']) {
        case 'insert':
            $id = insert($change['record'], $category_ids);
            break;
        case 'edit':
            wp_update_post(['ID' => $id, 'post_title' => $change['title'], 'post_content' => blocks($change + ['list' => false])]);
            break;
        case 'move':
            wp_update_post(['ID' => $id, 'post_name' => $change['slug']]);
            break;
        case 'trash':
            wp_trash_post($id);
            break;
        case 'draft':
            wp_update_post(['ID' => $id, 'post_status' => 'draft']);
            break;
        case 'delete':
            wp_delete_post($id, true);
            break;
        case 'protect':
            wp_update_post(['ID' => $id, 'post_password' => 'sésame']);
            break;
        default:
            fwrite(STDERR, "no such change: {$change['do']}\n");
            exit(1);
    }
    $result[] = ['id' => $id, 'url' => get_permalink($id)];
}
file_put_contents($result_file, json_encode($result));
