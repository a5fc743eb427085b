<?php
/**
 * Installs WordPress and fills it: php fill.php TRUTH.json RESULT.json
 *
 * RESULT gets, for each key of the truth, the address that WordPress gave it.
 */
[, $truth_file, $result_file] = $argv;
define('WP_INSTALLING', true);
require __DIR__ . '/posts.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('Écoles du Lointain', 'redaction', 'redaction@example.org', true, '', bin2hex(random_bytes(12)));
switch_theme(getenv('SITE_THEME'));
update_option('siteurl', getenv('SITE_URL'));
update_option('home', getenv('SITE_URL'));
update_option('timezone_string', 'Europe/Paris');
update_option('permalink_structure', getenv('SITE_PERMALINKS'));
update_option('posts_per_page', 10);
update_option('default_comment_status', 'closed');
update_option('blogdescription', 'Une association qui n’existe pas');
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $sample) {
    wp_delete_post($sample->ID, true);
}

wp_defer_term_counting(true);
wp_suspend_cache_invalidation(false);
global $wpdb;
$category_ids = [];
$by_pair = [];
$ids = [];
foreach (json_decode(file_get_contents($truth_file), true) as $record) {
    $ids[$record['key']] = $id = insert($record, $category_ids);
    if ($record['pair']) {
        $by_pair[$record['pair']][$record['lang']] = $id;
    }
    if ($record['image']) {
        $ids[$record['key'] . '/image'] = attach_image($id, $record);
    }
    if ($record['state'] === 'trash') {
        wp_trash_post($id);
    }
}
foreach ($by_pair as $pair) {
    if (count($pair) === 2) {
        update_post_meta($pair['fr'], 'translation', $pair['en']);
        update_post_meta($pair['en'], 'translation', $pair['fr']);
    }
}
wp_defer_term_counting(false);
global $wp_rewrite;
$wp_rewrite->init();
$wp_rewrite->flush_rules();
$result = [];
foreach ($ids as $key => $id) {
    $result[$key] = ['id' => $id, 'url' => get_permalink($id)];
}
file_put_contents($result_file, json_encode($result));
